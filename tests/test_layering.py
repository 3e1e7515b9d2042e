"""Who may import whom (DESIGN.md), read from the source: imports inside functions and for types count too.

| layer | module | may import of ours |
|---|---|---|
| 0 | `search` modules in PURE | each other; never Django |
| 1 | the models of catalogue, orders, reviews | each other, in that order |
| 2 | the rest of `search` | layers 0 and 1, and each other without circles |
| 3 | `tasks` | `search`, `shop.reviews`, `shop.catalog.pictures`, `shop.environment`, `shop.metrics.readings` |
| 4 | the rest of `shop`, `search.admin`, management commands | everything below |
| 5 | `shop.api`, `shop.urls` | everything below; nothing imports `shop.api` |

`tasks` has three modules more than the design's table. `shop.catalog.pictures`: rendering pictures is background work
like embedding, and it stays a task that calls one function; `shop.metrics.readings`: so is deleting what is old.
`shop.environment`: a worker is a process of its own, so it ends with the same sentence as the web process where a
setting makes no sense.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURE = {
    f"search.{name}"
    for name in (
        "beginnings bm25 consensus diversity encoder export fusion partitions product_text score_parts timing words "
        "alignment constraints exclusions facet_words glossary letters measures price_words spelling vocabulary "
        "query explanation reasons ranker personalisation training metrics datasets "
        "adapter_training adapters catalogue_pairs child_process click_lifts click_model click_parts interleave "
        "losses product_clicks propensities recipe training_files training_pairs training_set type_phrases variants "
        "pack pack.encoder pack.format pack.index pack.least_squares pack.searching pack.tokens"
    ).split()
}
MODELS = ("shop.catalog.models", "shop.orders.models", "shop.reviews.models")
TASKS_MAY_IMPORT = (
    "search", "tasks", "shop.reviews", "shop.catalog.pictures", "shop.environment", "shop.metrics.readings",
)  # fmt: skip
WEIGHTS = {"torch", "transformers", "sentence_transformers"}
MAY_LOAD_WEIGHTS = {"search.export", "search.losses", "search.training"}
MAX_TASK_STATEMENTS = 5


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {
    name_of(path): ast.parse(path.read_text(encoding="utf-8"))
    for folder in ("shop", "search", "tasks")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
}


def imports(module: str) -> Iterator[str]:
    """Everything that the module imports, as the longest name that is a module of ours where it is one."""
    for node in ast.walk(SOURCES[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            for alias in node.names:
                longest = f"{node.module}.{alias.name}"
                yield longest if longest in SOURCES else str(node.module)


def within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


OURS = {module: {name for name in imports(module) if within(name, "shop", "search", "tasks")} for module in SOURCES}


def layer(module: str) -> int:
    if module in PURE:
        return 0
    if module in MODELS:
        return 1
    if ".management." in module or within(module, "search.admin"):
        return 4
    if within(module, "search"):
        return 2
    if within(module, "tasks"):
        return 3
    return 5 if within(module, "shop.api", "shop.urls") else 4


def modules_of(number: int) -> list[str]:
    return sorted(module for module in SOURCES if layer(module) == number)


@pytest.mark.parametrize("module", modules_of(0))
def test_pure_modules_import_only_pure_modules_and_no_django(module: str) -> None:
    assert OURS[module] <= PURE
    assert not [name for name in imports(module) if within(name, "django", "rest_framework")]


def test_models_import_only_the_models_before_them() -> None:
    for place, module in enumerate(MODELS):
        assert OURS.get(module, set()) <= set(MODELS[:place])


@pytest.mark.parametrize("module", modules_of(2))
def test_search_imports_of_the_store_only_its_models(module: str) -> None:
    assert {name for name in OURS[module] if layer(name) > 2} == set()


@pytest.mark.parametrize("module", modules_of(3))
def test_tasks_import_what_they_run(module: str) -> None:
    assert {name for name in OURS[module] if not within(name, *TASKS_MAY_IMPORT)} == set()


@pytest.mark.parametrize("module", sorted(SOURCES))
def test_nothing_imports_the_api_but_the_api_and_the_addresses(module: str) -> None:
    if layer(module) < 5:
        assert {name for name in OURS[module] if layer(name) == 5} == set()


def test_nothing_imports_in_circles() -> None:
    TopologicalSorter({module: OURS[module] - {module} for module in SOURCES}).prepare()  # raises CycleError


def test_only_training_and_export_import_torch() -> None:
    found = {module for module in SOURCES if any(within(name, *WEIGHTS) for name in imports(module))}
    assert found <= MAY_LOAD_WEIGHTS


def test_a_task_calls_and_logs_in_at_most_five_statements() -> None:
    tasks = {
        function.name: len([node for line in function.body for node in ast.walk(line) if isinstance(node, ast.stmt)])
        - (ast.get_docstring(function) is not None)
        for module in modules_of(3)
        for function in ast.walk(SOURCES[module])
        if isinstance(function, ast.FunctionDef) and any("task" in ast.dump(d) for d in function.decorator_list)
    }
    assert "embed_stale_products" in tasks
    assert {name: length for name, length in tasks.items() if length > MAX_TASK_STATEMENTS} == {}


def test_importing_the_web_process_loads_no_weights_and_no_runtime_for_them() -> None:
    script = (
        "import sys; from shop.environment import load_settings; load_settings(); import django; django.setup(); "
        "import search.pipeline, shop.wsgi, shop.urls; "
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'onnxruntime', 'onnx', 'tokenizers'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
