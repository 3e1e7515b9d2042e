"""The OpenAPI schema and the frontend's types are those of the code: `npm run types` after a change of the API.

    python manage.py spectacular --file frontend/openapi.yml && npm --prefix frontend run types
"""

import re
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from shop.api.urls import urlpatterns

FRONTEND = Path(__file__).resolve().parents[3] / "frontend"
STORED = (FRONTEND / "openapi.yml").read_text(encoding="utf-8")
TYPES = (FRONTEND / "src/api/schema.ts").read_text(encoding="utf-8")
GENERATOR = FRONTEND / "node_modules/.bin/openapi-typescript"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(STORED)
    return loaded


def test_the_stored_schema_is_what_the_code_gives_without_a_warning() -> None:
    written = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=written)
    assert written.getvalue().strip() == STORED.strip()


def test_every_address_is_in_the_schema(schema: dict[str, Any]) -> None:
    undocumented = {"schema/", "docs/"}
    routes = {str(pattern.pattern) for pattern in urlpatterns if not str(pattern.pattern).startswith("^")}
    documented = {path.removeprefix("/api/") for path in schema["paths"]}
    assert {re.sub(r"<\w+:(\w+)>", r"{\1}", route) for route in routes - undocumented} == documented


def test_every_refusal_has_the_one_shape(schema: dict[str, Any]) -> None:
    for operations in schema["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if status >= "400":
                    shape = response["content"]["application/json"]["schema"]
                    assert shape == {"$ref": "#/components/schemas/Problems"}, operation["operationId"]


def test_the_frontends_types_have_every_operation_and_field(schema: dict[str, Any]) -> None:
    names = {operation["operationId"] for path in schema["paths"].values() for operation in path.values()}
    names |= set(schema["components"]["schemas"])
    for component in schema["components"]["schemas"].values():
        names |= set(component.get("properties", ()))
    words = set(re.findall(r"\w+", TYPES))
    assert names - words == set()


@pytest.mark.skipif(not GENERATOR.exists(), reason="frontend/node_modules is not installed")
def test_the_frontends_types_are_generated_from_the_stored_schema(tmp_path: Path) -> None:
    made = tmp_path / "schema.ts"
    subprocess.run([GENERATOR, "openapi.yml", "-o", made], cwd=FRONTEND, check=True, capture_output=True)
    assert made.read_text(encoding="utf-8") == TYPES
