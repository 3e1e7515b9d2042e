"""Exports an encoder for serving and registers it as a version. The first version is active at once; a later one only
with --activate, which embeds all products under it first, while the active one goes on serving."""

import json
import os
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from search.encoder import EncoderUnavailable
from search.export import ExportFailed, checksum, export_encoder
from search.index import embed_version, stale_products
from search.models import DIMENSIONS, EncoderVersion, ProductEmbedding
from search.versions import activate


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--model", default=settings.SEARCH_ENCODER, help="name or path; default: SEARCH_ENCODER")
        parser.add_argument("--name", help="of the version; default: the last part of the model's name")
        parser.add_argument("--force", action="store_true", help="export again although the files are there")
        parser.add_argument("--activate", action="store_true", help="embed all products under it, then search by it")

    def handle(self, *args: Any, **options: Any) -> None:
        model: str = options["model"]
        name = version_name(options["name"] or model)
        folder = Path(settings.ENCODER_DIR) / name
        if options["force"] or not (folder / "model.onnx").is_file():
            self.stdout.write(f"Exporting {model} to int8 ONNX ...")
            try:
                export_encoder(model, folder, dimensions=DIMENSIONS)
            except ExportFailed as error:
                raise CommandError(str(error)) from error
        elif _exported_model(folder) != model:
            raise CommandError(f"{folder} was made of {_exported_model(folder)}; choose another --name, or --force.")
        version = _registered(name, folder)
        if options["activate"] or not EncoderVersion.objects.filter(is_active=True).exists():
            self._activate(version)

    def _activate(self, version: EncoderVersion) -> None:
        if version.is_active:
            self.stdout.write(f"{version} is active already.")
            return
        if EncoderVersion.objects.filter(is_active=True).exists():
            with tqdm(total=stale_products(version).count(), unit=" products", desc="Embedding") as bar:
                try:
                    embed_version(version, progress=bar.update, threads=os.cpu_count() or 1)
                except EncoderUnavailable as error:
                    raise CommandError(str(error)) from error
        activate(version)
        self.stdout.write(f"{version} is the active encoder.")


def version_name(model: str) -> str:
    """`sentence-transformers/all-MiniLM-L6-v2` as `all-minilm-l6-v2`: also the name of its folder."""
    return re.sub(r"[^a-z0-9.]+", "-", model.lower().rstrip("/").rsplit("/", 1)[-1]).strip("-.") or "encoder"


def _exported_model(folder: Path) -> str:
    try:
        return str(json.loads((folder / "encoder.json").read_text())["model"])
    except (OSError, ValueError, KeyError):
        return "something unreadable"


def _registered(name: str, folder: Path) -> EncoderVersion:
    """The version's row; where other weights than before are in the folder, its vectors are stale."""
    digest = checksum(folder / "model.onnx")
    version, _ = EncoderVersion.objects.get_or_create(
        name=name, defaults={"path": name, "checksum": digest, "dimensions": DIMENSIONS}
    )
    if version.checksum != digest:
        ProductEmbedding.objects.filter(version=version).update(text_hash=b"", text_version=0)
        EncoderVersion.objects.filter(pk=version.pk).update(checksum=digest, calibrated_products=0)
        version.refresh_from_db()
    return version
