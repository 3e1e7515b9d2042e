"""The encoder that serves: text to unit vectors with an int8 ONNX graph on CPU.

A version is a folder with `model.onnx` (pooling and normalisation are inside the graph), `tokenizer.json` and
`encoder.json` (how to use them); `search/export.py` writes it. This module needs onnxruntime and tokenizers only,
so the web process stays small. One thread a run and no spinning: web processes share few cores, and a
spinning thread takes the time of another request (a query took 363 ms that way instead of 1).
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

QUERY_CACHE_SIZE = 4096  # vectors of the latest queries, 1.5 KB each; settings.SEARCH_QUERY_CACHE


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
    reads_chinese: bool = False


class Encoder:
    """One encoder version, loaded. Safe to use from several threads."""

    def __init__(
        self,
        config: EncoderConfig,
        session: Any,
        tokenizer: Any,
        *,
        threads: int = 1,
        query_cache: int = QUERY_CACHE_SIZE,
    ) -> None:
        self.config = config
        self._threads = threads
        self._query_cache = query_cache
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
            if len(self._queries) > self._query_cache:
                self._queries.popitem(last=False)
        return vector

    def whole_words(self) -> list[str]:
        """Words that the tokenizer knows in one piece, lower case: the common words of the encoder's language."""
        return sorted(set(self._words_in_order()))

    def common_words(self, most: int) -> list[str]:
        """The first of these in the tokenizer's order, in which frequent words come before rare ones."""
        return list(dict.fromkeys(self._words_in_order()))[:most]

    def _words_in_order(self) -> list[str]:
        vocabulary = self._tokenizer.get_vocab()
        pieces = sorted(vocabulary, key=lambda piece: vocabulary[piece])
        marks = [mark for mark in ("▁", "Ġ") if 10 * sum(piece.startswith(mark) for piece in pieces) > len(pieces)]
        if marks:  # SentencePiece and byte-level BPE mark where a word begins, WordPiece where it goes on
            pieces = [piece.removeprefix(marks[0]) for piece in pieces if piece.startswith(marks[0])]
        return [piece.lower() for piece in pieces if len(piece) > 2 and piece.isalpha()]

    def clear_query_cache(self) -> None:
        with self._lock:
            self._queries.clear()

    def _encode(self, texts: Sequence[str]) -> Vectors:
        """One text a run: int8 activations are scaled per run, so neighbours in a batch would change a vector by 0.01
        in cosine, and padding costs what batching wins. Several runs go on at once instead."""
        vectors = np.zeros((len(texts), self.config.dimensions), dtype=np.float32)
        encodings = self._tokenizer.encode_batch(list(texts))
        if self._threads > 1 and len(texts) > 1:
            with ThreadPoolExecutor(self._threads) as pool:
                rows = pool.map(self._run, [encoding.ids for encoding in encodings])
                for row, vector in enumerate(rows):
                    vectors[row] = vector
        else:
            for row, encoding in enumerate(encodings):
                vectors[row] = self._run(encoding.ids)
        return vectors

    def _run(self, ids: list[int]) -> Vectors:
        """(d,) of one tokenized text."""
        input_ids = np.array([ids], dtype=np.int64)  # (1, tokens)
        output = self._session.run(None, {"input_ids": input_ids, "attention_mask": np.ones_like(input_ids)})
        vector: Vectors = output[0][0]
        return vector


def load_encoder(folder: Path, *, threads: int = 1, query_cache: int = QUERY_CACHE_SIZE) -> Encoder:
    """The encoder in `folder`, encoding `threads` texts at once, remembering `query_cache` query vectors.

    Raises EncoderUnavailable when a file is missing or cannot be read.
    """
    import onnxruntime
    from tokenizers import Tokenizer

    for name in ("encoder.json", "tokenizer.json", "model.onnx"):
        if not (folder / name).is_file():
            raise EncoderUnavailable(f"{folder / name} is missing; run `python manage.py export_encoder`.")
    try:
        said = json.loads((folder / "encoder.json").read_text())
        known = {field.name for field in fields(EncoderConfig)}
        config = EncoderConfig(**{name: value for name, value in said.items() if name in known})
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # tokenizers raises bare Exception for a broken file
        raise EncoderUnavailable(f"The encoder in {folder} cannot be read: {error}") from error
    tokenizer.enable_truncation(config.max_tokens)
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime's errors share no other base class
        raise EncoderUnavailable(f"{folder / 'model.onnx'} cannot be loaded: {error}") from error
    return Encoder(config, session, tokenizer, threads=threads, query_cache=query_cache)
