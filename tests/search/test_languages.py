"""Chinese queries on a bilingual catalogue with the real encoder: they find what their English twins find."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from search import corrections
from search.corrections import refresh_vocabulary
from search.datasets import DatasetInvalid
from search.glossary import NO_GLOSSARY
from search.index import embed_stale_products
from search.languages import Twins, agreement_by_part, disagreeing, read_twins
from search.models import EncoderVersion
from search.pipeline import search_products
from search.versions import active_encoder
from shop.catalog.demo.catalogue import departments_and_types
from shop.catalog.demo.load import load_demo_catalogue
from shop.catalog.models import Category, Product
from shop.demo.merchandising import load_demo_merchandising
from tests.catalogue import make_product

PAIRS = Path(__file__).parent / "language_pairs.csv"
AIM = 0.9  # of the pairs that name things, properties and purposes
FLOOR = 0.9  # of all: some symptoms are said in words that neither catalogue nor merchant knows

pytestmark = pytest.mark.django_db

THINGS = {"Umbrella": "雨伞", "Frying Pan": "平底煎锅", "Teapot": "茶壶", "Desk Lamp": "台灯"}
COLORS = {"red": "红色", "blue": "蓝色", "green": "绿色"}


@pytest.fixture
def catalogue(active_encoder_version: EncoderVersion) -> dict[str, Product]:
    """Four things in three colours, in both languages, by their titles."""
    products = {}
    for name, chinese in THINGS.items():
        category = Category.objects.create(
            slug=name.lower().replace(" ", "-"), name=name, translations={"zh": {"name": chinese}}
        )
        for color, zh in COLORS.items():
            products[f"{color} {name}"] = make_product(
                f"Acme {name}, {color}",
                sku=f"{name}-{color}",
                category=category,
                attributes={"color": color},
                translations={"zh": {"title": f"Acme {chinese} {zh}", "attributes": {"color": zh}}},
            )
    embed_stale_products()
    refresh_vocabulary()
    return products


def test_a_name_said_otherwise_is_found(catalogue: dict[str, Product]) -> None:
    found = search_products("平底锅")  # not one pair of its characters is in "平底煎锅" but the first
    assert found.understood.english == "frying pan"
    assert {hit.product_id for hit in found.hits[:3]} == {catalogue[f"{color} Frying Pan"].pk for color in COLORS}
    assert found.mode == "hybrid"


def test_a_mixed_query_is_read(catalogue: dict[str, Product]) -> None:
    found = search_products("红色 teapot")
    assert found.hits[0].product_id == catalogue["red Teapot"].pk
    assert search_products("Acme茶壶").understood.english == "acme teapot"


def test_an_english_query_is_as_it_was(catalogue: dict[str, Product]) -> None:
    queries = ["teapot", "red umbrella", "something to cook with", "lamp for reading", "acme"]
    before = [search_products(query) for query in queries]
    corrections.read_chinese_by(NO_GLOSSARY)
    after = [search_products(query) for query in queries]
    assert [result.hits for result in before] == [result.hits for result in after]
    assert {result.understood.english for result in before} == {None}


def test_an_encoder_that_reads_chinese_is_told_the_query(
    catalogue: dict[str, Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    active = active_encoder()
    assert active is not None
    by_english = search_products("平底锅").trace.semantic
    monkeypatch.setattr(active.encoder, "config", replace(active.encoder.config, reads_chinese=True))
    by_itself = search_products("平底锅").trace.semantic
    assert by_english is not None
    assert by_itself is not None
    assert by_itself.vector.tolist() == active.encode_query("平底锅").tolist()
    assert by_english.vector.tolist() == active.encode_query("frying pan").tolist()


def test_a_renamed_translation_is_learned_with_the_vocabulary(catalogue: dict[str, Product]) -> None:
    Category.objects.filter(slug="teapot").update(translations={"zh": {"name": "泡茶器"}})
    Product.objects.get(sku="Teapot-red").save()
    assert refresh_vocabulary(at_once=True) == 12
    corrections.forget()
    assert corrections.glossary().english("泡茶器") == "teapot"


def test_without_translations_nothing_is_read(active_encoder_version: EncoderVersion) -> None:
    make_product("Red teapot", sku="1")
    embed_stale_products()
    refresh_vocabulary()
    assert corrections.glossary().words == {}
    assert search_products("茶壶").total == 0


def test_parts_are_measured_and_the_glossary_is_back_afterwards(catalogue: dict[str, Product]) -> None:
    twins = [Twins("type", "frying pan", "平底锅"), Twins("type", "umbrella", "雨伞"), Twins("other", "saw", "电锯")]
    assert agreement_by_part(twins)["and aligned words"] == {"type": 2}
    assert [pair.english for pair in disagreeing(twins)] == ["saw"]
    assert corrections.glossary().english("雨伞") == "umbrella"


def test_a_file_of_pairs_without_its_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    for text in ("", "kind,english\ntype,umbrella\n", "kind,english,chinese\ntype,umbrella\n"):
        file.write_text(text)
        with pytest.raises(DatasetInvalid):
            read_twins(file)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("measure_languages", pairs=tmp_path / "none.csv")


@pytest.mark.slow
def test_a_chinese_query_finds_what_its_english_twin_finds(
    active_encoder_version: EncoderVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    """Checklist item 21, on the demo catalogue."""
    load_demo_catalogue(limit=4 * len(departments_and_types()[1]))
    load_demo_merchandising()
    embed_stale_products(threads=os.cpu_count() or 1)
    refresh_vocabulary()
    twins = read_twins(PAIRS)
    assert len(twins) == len({pair.chinese for pair in twins}) == 60

    call_command("measure_languages", pairs=PAIRS)
    agreeing = agreement_by_part(twins)
    found, named = agreeing["and aligned words"], [pair for pair in twins if pair.kind != "symptom"]
    assert found.total() >= FLOOR * len(twins), capsys.readouterr().out
    assert found.total() - found["symptom"] >= AIM * len(named), capsys.readouterr().out
    assert agreeing["words as typed"].total() < agreeing["and names"].total() < agreeing["and aligned words"].total()
