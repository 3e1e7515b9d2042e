"""Another version's products being embedded, as in a round of learning, while searches are measured."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from search.benchmark.store import StoreDidNotStart, database_url
from search.models import EncoderVersion, ProductEmbedding

NICE = 15  # as the worker for learning is started (shop/demo/children.py)
START_S = 60.0
NAME = "benchmark"


@contextmanager
def embedding_another_version(active: EncoderVersion) -> Iterator[None]:
    """Embeds under a copy of the active version from before the block begins until it ends, then deletes the copy."""
    EncoderVersion.objects.filter(name=NAME).delete()
    copy = EncoderVersion.objects.create(name=NAME, path=active.path, checksum=active.checksum)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "DATABASE_URL": database_url(),
        "POCKETSHOP_DEMO": "1",
        "ENCODER_DIR": str(settings.ENCODER_DIR),
        "LOG_LEVEL": "WARNING",
    }
    command = ["nice", "-n", str(NICE), sys.executable, "manage.py", "embed_products", "--encoder", NAME]
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_it_writes(copy, process)
        yield
    finally:
        process.kill()
        process.wait()
        ProductEmbedding.objects.filter(version=copy).delete()
        copy.delete()


def _wait_until_it_writes(version: EncoderVersion, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_S
    while not ProductEmbedding.objects.filter(version=version).exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise StoreDidNotStart(f"embed_products wrote nothing (exit status {process.poll()}).")
        time.sleep(0.1)
