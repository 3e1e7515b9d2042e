"""Exports SEARCH_ENCODER for serving and registers it; the first version is activated at once."""

import re
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from search.models import DIMENSIONS, EncoderVersion


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--model", default=settings.SEARCH_ENCODER, help="name or path of the model")
        parser.add_argument("--force", action="store_true", help="export again although the files are there")

    def handle(self, *args: Any, **options: Any) -> None:
        from search.export import ExportFailed, checksum, export_encoder

        model: str = options["model"]
        name = re.sub(r"[^a-z0-9.]+", "-", model.lower().rstrip("/").rsplit("/", 1)[-1]).strip("-")
        folder = settings.ENCODER_DIR / name
        if options["force"] or not (folder / "model.onnx").is_file():
            self.stdout.write(f"Exporting {model} to int8 ONNX ...")
            try:
                export_encoder(model, folder, dimensions=DIMENSIONS)
            except ExportFailed as error:
                raise CommandError(str(error)) from error
        version, _ = EncoderVersion.objects.update_or_create(
            name=name,
            defaults={"path": name, "checksum": checksum(folder / "model.onnx"), "dimensions": DIMENSIONS},
        )
        if not EncoderVersion.objects.filter(is_active=True).exists():
            EncoderVersion.objects.filter(pk=version.pk).update(is_active=True, activated_at=timezone.now())
            self.stdout.write(f"{name} is the active encoder.")
