"""Tests run on the real embedded PostgreSQL and the real encoder; nothing of our own is replaced."""

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from shop import embedded

ROOT = Path(__file__).resolve().parent.parent
MODEL = "all-minilm-l6-v2"


_started = False


def pytest_configure(config: pytest.Config) -> None:
    """Starts the embedded server; the workers of a parallel run find it running."""
    global _started
    if settings.EMBEDDED_POSTGRES:
        _started = embedded.start(settings.EMBEDDED_POSTGRES)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops the server if this run started it and nobody else uses it."""
    if _started and embedded.other_sessions(settings.EMBEDDED_POSTGRES) == 0:
        embedded.stop(settings.EMBEDDED_POSTGRES)


@pytest.fixture(scope="session")
def exported_encoder() -> Path:
    """The folder of the real encoder as int8 ONNX; exported once, kept for the next run, shared by all workers."""
    folder = Path(settings.ENCODER_DIR) / MODEL
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / ".export.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "model.onnx").is_file():
            export = (
                "from pathlib import Path; from search.export import export_encoder; "
                "import sys; export_encoder(sys.argv[1], Path(sys.argv[2]), dimensions=384)"
            )
            subprocess.run(  # torch stays out of the test process, as it stays out of the web process
                [sys.executable, "-c", export, settings.SEARCH_ENCODER, str(folder)],
                cwd=ROOT, check=True, capture_output=True,
            )  # fmt: skip
    return folder


@pytest.fixture
def active_encoder_version(db: None, exported_encoder: Path) -> Iterator[object]:
    """The real encoder, registered and active."""
    from search import versions
    from search.export import checksum
    from search.models import EncoderVersion

    versions.forget()
    yield EncoderVersion.objects.create(
        name=exported_encoder.name,
        path=exported_encoder.name,
        checksum=checksum(exported_encoder / "model.onnx"),
        dimensions=384,
        is_active=True,
    )
    versions.forget()


@pytest.fixture(autouse=True)
def _fresh_memory() -> Iterator[None]:
    """What the process remembers is forgotten; searches are logged, and hits swapped, when a test says so."""
    from search import event_log, often_chosen, remembered_clicks, swaps
    from search.evaluation_database import REMEMBERING
    from shop.api import memory

    event_log.queries.writes_by_itself = False
    often_chosen.often_chosen.refreshes_by_itself = False
    remembered_clicks.remembered.refreshes_by_itself = False
    swaps.swaps.share = 0.0
    for module in (*REMEMBERING, memory):
        module.forget()
    yield
    event_log.queries.start_afresh()
