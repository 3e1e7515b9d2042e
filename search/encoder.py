"""The encoder that serves: text to unit vectors with an int8 ONNX graph on CPU.

A version is a folder with `model.onnx` (pooling and normalisation are inside the graph), `tokenizer.json` and
`encoder.json` (how to use them); `search/export.py` writes it. This module needs onnxruntime and tokenizers only,
so the web process stays small. One thread a session and no spinning: web processes share few cores, and a
spinning thread takes the time of another request (a query took 363 ms that way instead of 1).
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

BATCH_SIZE = 32
QUERY_CACHE_SIZE = 4096  # vectors of the latest queries, 1.5 KB each


class EncoderUnavailable(Exception):
    """The encoder's files are missing or broken; the message says which and what to do."""


@dataclass(frozen=True)
class EncoderConfig:
    """What `encoder.json` says about a version."""

    model: str
    dimensions: int
    max_tokens: int
    query_prefix: str = ""
    document_prefix: str = ""
    document_views: int = 2


class Encoder:
    """One encoder version, loaded. Safe to use from several threads."""

    def __init__(self, config: EncoderConfig, session: Any, tokenizer: Any) -> None:
        self.config = config
        self._session = session
        self._tokenizer = tokenizer
        self._queries: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def encode_queries(self, queries: Sequence[str]) -> Vectors:
        """(n, d) float32, unit rows."""
        return self._encode([self.config.query_prefix + query for query in queries])

    def encode_documents(self, documents: Sequence[str]) -> Vectors:
        """(n, d) float32, unit rows. Longer texts than `max_tokens` are cut."""
        return self._encode([self.config.document_prefix + document for document in documents])

    def encode_query(self, query: str) -> Vectors:
        """(d,) float32, unit; the latest queries are remembered."""
        with self._lock:
            known = self._queries.get(query)
            if known is not None:
                self._queries.move_to_end(query)
                return known
        vector: Vectors = self.encode_queries([query])[0]
        with self._lock:
            self._queries[query] = vector
            if len(self._queries) > QUERY_CACHE_SIZE:
                self._queries.popitem(last=False)
        return vector

    def clear_query_cache(self) -> None:
        with self._lock:
            self._queries.clear()

    def _encode(self, texts: Sequence[str]) -> Vectors:
        """Batches of similar length, because a batch costs as much as its longest text times its size."""
        encodings = self._tokenizer.encode_batch(list(texts))
        vectors = np.zeros((len(texts), self.config.dimensions), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda row: len(encodings[row].ids))
        for start in range(0, len(by_length), BATCH_SIZE):
            rows = by_length[start : start + BATCH_SIZE]
            vectors[rows] = self._run([encodings[row].ids for row in rows])
        return vectors

    def _run(self, ids: list[list[int]]) -> Vectors:
        longest = max(len(row) for row in ids)
        input_ids = np.zeros((len(ids), longest), dtype=np.int64)  # (batch, tokens)
        attention_mask = np.zeros_like(input_ids)  # (batch, tokens), 0 where padded
        for row, tokens in enumerate(ids):
            input_ids[row, : len(tokens)] = tokens
            attention_mask[row, : len(tokens)] = 1
        (output,) = self._session.run(None, {"input_ids": input_ids, "attention_mask": attention_mask})
        vectors: Vectors = output
        return vectors


def load_encoder(folder: Path, *, threads: int = 1) -> Encoder:
    """The encoder in `folder`. Raises EncoderUnavailable when a file is missing or cannot be read."""
    import onnxruntime
    from tokenizers import Tokenizer

    for name in ("encoder.json", "tokenizer.json", "model.onnx"):
        if not (folder / name).is_file():
            raise EncoderUnavailable(f"{folder / name} is missing; run `python manage.py export_encoder`.")
    try:
        config = EncoderConfig(**json.loads((folder / "encoder.json").read_text()))
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # noqa: BLE001 - tokenizers raises bare Exception for a broken file
        raise EncoderUnavailable(f"The encoder in {folder} cannot be read: {error}") from error
    tokenizer.enable_truncation(config.max_tokens)
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise EncoderUnavailable(f"{folder / 'model.onnx'} cannot be loaded: {error}") from error
    return Encoder(config, session, tokenizer)
