"""Encoder files of its own for an evaluation database.

Each database numbers its rounds and versions from 1, and files go by these numbers. In the store's folder a round of
an evaluation would find the store's weights of the same number, and take them for its own.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from search import versions
from search.models import EncoderVersion

FOLDER = "evaluation"


@contextmanager
def own_encoder_files(database: str) -> Iterator[Path]:
    """ENCODER_DIR is a folder for this database until the end of the block; it begins with the first version only.

    What a killed evaluation left there is deleted at the beginning, all of it at the end.
    """
    shared = Path(settings.ENCODER_DIR)
    own = shared / FOLDER / database
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(parents=True)
    first = EncoderVersion.objects.order_by("created_at").first()
    if first is not None:
        link = own / first.path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to((shared / first.path).resolve(), target_is_directory=True)
    settings.ENCODER_DIR = own
    versions.forget()
    try:
        yield own
    finally:
        settings.ENCODER_DIR = shared
        versions.forget()
        shutil.rmtree(own, ignore_errors=True)
