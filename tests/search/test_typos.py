"""Made-up typos, and the command that measures with them."""

import gzip
import json
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from search.benchmark.typos import typos
from search.letters import edit_distance


def test_typos_are_one_edit_in_one_longer_word_and_always_the_same() -> None:
    queries = ["tv", "wireless mouse", "rtx 2060", "usb hub for laptop"]
    made = [typo for seed in range(50) for typo in typos(queries, seed)]
    assert {typo.query for typo in made} == {"wireless mouse", "usb hub for laptop"}
    assert {edit_distance(typo.query, typo.typed, most=2) for typo in made} == {1}
    assert {typo.word for typo in made} == {"wireless", "mouse", "laptop"}
    assert list(typos(queries, 7)) == list(typos(queries, 7))


def test_spelling_is_measured_on_a_catalogues_file(exported_encoder: Path, tmp_path: Path) -> None:
    products, judgments = tmp_path / "products.jsonl.gz", tmp_path / "judgments.csv"
    product = {"title": "Wireless mouse", "description": "", "brand": "Acme", "attributes": {"color": "black"}}
    products.write_bytes(gzip.compress("\n".join([json.dumps(product)] * 30).encode()))
    judgments.write_text("query,product_id,grade\nwireless mouse,1,3\n")
    out = StringIO()
    call_command("measure_spelling", products=products, judgments=judgments, seeds=3, stdout=out)
    assert "30 products" in out.getvalue()
    assert "0 of 1 judged queries changed: []" in out.getvalue()
    assert "3 typos:" in out.getvalue()
