"""The web process: small, and quick to start."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from search.index import embed_stale_products
from search.models import EncoderVersion
from tests.catalogue import make_product

ROOT = Path(__file__).resolve().parents[2]
HEAVY = "{'torch', 'transformers', 'sentence_transformers', 'onnx'}"


def _python(program: str, **environment: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings", "POCKETSHOP_DEMO": "1", **environment},
    ).stdout.strip()  # fmt: skip


def _database_url() -> str:
    database = connection.settings_dict
    return f"postgresql://postgres@/{database['NAME']}?host={quote(str(database['HOST']))}"


def test_importing_the_application_loads_no_encoder_and_asks_no_database() -> None:
    program = (
        "import sys; import shop.wsgi; from django.db import connection; from search import versions; "
        f"print({HEAVY} & set(sys.modules), 'onnxruntime' in sys.modules, connection.connection, versions._encoders)"
    )
    nowhere = "postgresql://nobody@/nothing?host=/nonexistent"
    assert _python(program, DATABASE_URL=nowhere) == "set() False None {}"


@pytest.mark.django_db(transaction=True)
def test_a_search_by_meaning_loads_neither_torch_nor_transformers(
    active_encoder_version: EncoderVersion, exported_encoder: Path
) -> None:
    make_product("Warm winter jacket")
    embed_stale_products()
    program = (
        "import sys, json; import shop.wsgi; from django.test import Client; "
        "found = Client().get('/api/search/?q=coat').json(); "
        f"print(found['mode'], found['hits'][0]['product']['title'], {HEAVY} & set(sys.modules))"
    )
    said = _python(program, DATABASE_URL=_database_url(), ENCODER_DIR=str(exported_encoder.parent))
    assert said == "hybrid Warm winter jacket set()"


@pytest.mark.django_db(transaction=True)
def test_the_first_request_has_search_loaded(active_encoder_version: EncoderVersion, exported_encoder: Path) -> None:
    program = (
        "import threading; from wsgiref.util import setup_testing_defaults; from shop.wsgi import application; "
        "from search import versions; environ = {'PATH_INFO': '/healthz'}; setup_testing_defaults(environ); "
        "answer = []; application(environ, lambda status, headers: answer.append(status)); "
        "[thread.join() for thread in threading.enumerate() if thread.name == 'warm-search']; "
        "print(answer[0], len(versions._encoders))"
    )
    said = _python(program, DATABASE_URL=_database_url(), ENCODER_DIR=str(exported_encoder.parent))
    assert said == "200 OK 1"
