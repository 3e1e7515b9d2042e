"""Judgments by SKU become queries with grades by product, and the forgetting set is made once, from the catalogue."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from search.forgetting_set import Described, forgetting_queries, query_of, title_phrases, useful_values
from search.judged_queries import ensure_forgetting_set, graded_queries, import_judgments
from search.learning_models import JudgedQuery
from shop.catalog.models import Product
from tests.catalogue import make_category, make_product

HUMAN, FORGETTING = JudgedQuery.Source.HUMAN, JudgedQuery.Source.FORGETTING
COLORS, BRANDS = ("red", "blue", "green"), ("Lumen", "Glow")


@pytest.fixture
def lamps(db: None) -> list[Product]:
    return [make_product(f"Lamp {number}", sku=f"L-{number}") for number in range(3)]


def judgments(path: Path, *rows: str) -> Path:
    file = path / "judgments.csv"
    file.write_text("\n".join(["query,product_id,grade,source", *rows]))
    return file


def stored(source: str) -> dict[str, dict[int, int]]:
    return {found.query: dict(found.grades) for found in graded_queries(source)}


def test_judgments_are_stored_by_product(lamps: list[Product], tmp_path: Path) -> None:
    file = judgments(
        tmp_path, "lamp,L-0,3,human", "lamp,L-1,0,human", "lamp,L-2,2,rule", "台灯,L-0,1,human", "mug,M-9,3,human"
    )
    assert import_judgments(file).unknown == 1
    assert stored(HUMAN) == {"lamp": {lamps[0].pk: 3, lamps[2].pk: 2}, "台灯": {lamps[0].pk: 1}}
    assert JudgedQuery.objects.get(query="lamp").grades[str(lamps[1].pk)] == 0
    assert [found.language for found in graded_queries(HUMAN)] == ["en", "zh"]


def test_only_what_people_judged(lamps: list[Product], tmp_path: Path) -> None:
    import_judgments(judgments(tmp_path, "lamp,L-0,3,human", "lamp,L-2,2,rule", "desk,L-1,2,rule"), human_only=True)
    assert stored(HUMAN) == {"lamp": {lamps[0].pk: 3}}


def test_the_same_queries_are_replaced_and_others_kept(lamps: list[Product], tmp_path: Path) -> None:
    import_judgments(judgments(tmp_path, "lamp,L-0,3,human", "desk lamp,L-1,3,human"))
    JudgedQuery.objects.create(source=FORGETTING, query="lamp", grades={str(lamps[0].pk): 3})
    import_judgments(judgments(tmp_path, "lamp,L-2,2,human", "light,X,3,human"))
    assert stored(HUMAN) == {"lamp": {lamps[2].pk: 2}, "desk lamp": {lamps[1].pk: 3}}
    assert stored(FORGETTING) == {"lamp": {lamps[0].pk: 3}}


def test_what_is_not_for_sale_cannot_be_found(lamps: list[Product], tmp_path: Path) -> None:
    import_judgments(judgments(tmp_path, "lamp,L-0,3,human", "lamp,L-1,2,human", "torch,L-1,3,human"))
    Product.objects.filter(pk=lamps[1].pk).update(is_active=False)
    assert stored(HUMAN) == {"lamp": {lamps[0].pk: 3}}


def test_the_command_says_what_it_left_out(
    lamps: list[Product], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_judgments", str(judgments(tmp_path, "lamp,L-0,3,human", "lamp,M-9,3,human")))
    assert capsys.readouterr().out.splitlines() == [
        "1 queries with 1 grades are stored.",
        "1 rows were left out: the store has no product with their SKU.",
    ]
    with pytest.raises(CommandError, match=r"line 2: grade is '7'"):
        call_command("import_judgments", str(judgments(tmp_path, "lamp,L-0,7,human")))


def described(product_id: int, kind: str, brand: str = "", *values: str) -> Described:
    return Described(product_id, frozenset({kind}), brand, frozenset(values))


def test_grades_count_the_words_that_hold() -> None:
    products = [
        described(1, "lamp", "glow", "red"), described(2, "lamp", "glow", "red"), described(3, "lamp", "glow", "blue"),
        described(4, "lamp", "ember", "red"), described(5, "lamp", "ember", "blue"), described(6, "mug", "glow", "red"),
    ]  # fmt: skip
    found = forgetting_queries(products, 100)
    assert found == {
        "lamp": {1: 3, 2: 3, 3: 3, 4: 3, 5: 3},
        "glow lamp": {1: 3, 2: 3, 3: 3, 4: 1, 5: 1},
        "ember lamp": {1: 1, 2: 1, 3: 1, 4: 3, 5: 3},
        "red lamp": {1: 3, 2: 3, 3: 1, 4: 3, 5: 1},
        "blue lamp": {1: 1, 2: 1, 3: 3, 4: 1, 5: 3},
        "red glow lamp": {1: 3, 2: 3, 3: 2, 4: 2, 5: 1},
    }


def test_a_word_that_all_have_or_that_the_type_says_is_no_modifier() -> None:
    products = [described(number, "red lamp", "glow", "red", "warm") for number in range(5)]
    assert list(forgetting_queries(products, 100)) == ["red lamp"]


def test_types_take_turns_and_forms_have_their_shares() -> None:
    products = [
        described(100 * kind + number, f"kind {chr(97 + kind)}", BRANDS[number % 2], COLORS[number % 3])
        for kind in range(20)
        for number in range(12)
    ]
    queries = list(forgetting_queries(products, 40))
    assert len(queries) == 40
    brands = [query for query in queries if query.startswith(BRANDS)]
    assert (len([q for q in queries if q.startswith("kind")]), len(brands)) == (14, 10)
    assert len({query[-1] for query in brands}) == 10
    assert list(forgetting_queries(products, 40)) == queries


def test_chinese_words_stand_together() -> None:
    assert query_of(("红色",), "台灯") == "红色台灯"
    assert query_of(("红色", "lumen"), "台灯") == "红色 lumen 台灯"
    assert query_of(("red", "lumen"), "lamp") == "red lumen lamp"


def test_useful_values_are_words() -> None:
    values = ["Red", "USB-C", "16", "yes", "stainless steel", "mat and shiny grey", "不锈钢", "xl"]
    assert useful_values(values) == {"red", "stainless steel", "不锈钢"}


def test_ends_of_titles_stand_for_types() -> None:
    titles = {number: (f"{('Acme', 'Bolt')[number % 2]} Pro {number} USB cable, Black", "") for number in range(6)}
    titles |= {number: (f"Acme usb cable {number}0 cm grey", "Acme") for number in range(6, 8)}
    titles |= {number: (f"Solo toy car {number}", "Solo") for number in range(10, 16)}
    titles = {pk: (title, brand or title.split()[0]) for pk, (title, brand) in titles.items()}
    found = title_phrases(titles)
    assert {pk: set(kinds) for pk, kinds in found.items()} == {
        **{pk: {"usb cable"} for pk in range(8)}, **{pk: set() for pk in range(10, 16)},
    }  # fmt: skip


def make_store(count: int) -> None:
    """Six types, two of them with Chinese names."""
    for kind in range(6):
        chinese = {"zh": {"name": "台灯背包"[2 * kind : 2 * kind + 2]}} if kind < 2 else {}
        category = make_category(f"kind-{chr(97 + kind)}", translations=chinese)
        for number in range(count):
            make_product(
                f"Thing {kind} {number}", category=category, brand=BRANDS[number % 2],
                attributes={"color": COLORS[number % 3]}, translations={"zh": {"title": "x"}} if kind < 2 else {},
            )  # fmt: skip


@pytest.mark.django_db
def test_the_set_is_made_once_in_both_languages() -> None:
    make_store(12)
    count = ensure_forgetting_set()
    found = stored(FORGETTING)
    assert len(found) == count
    assert {"kind a", "red kind a", "台灯", "背包", "lumen 台灯"} <= set(found)
    Product.objects.exclude(category__slug="kind-a").delete()
    assert ensure_forgetting_set() == count
    assert JudgedQuery.objects.filter(source=FORGETTING).count() == count


@pytest.mark.django_db
def test_a_store_that_has_hardly_any_products_waits() -> None:
    make_product("Thing")
    assert ensure_forgetting_set() == 0
    make_store(12)
    assert ensure_forgetting_set() > 20


@pytest.mark.django_db
def test_a_store_without_types_asks_for_the_ends_of_titles() -> None:
    for kind in ("desk lamp", "usb cable", "phone case", "coffee maker", "wall clock"):
        for number in range(6):
            brand, color = BRANDS[number % 2], COLORS[number % 3]
            make_product(f"{brand} {number}0 {color} {kind}", brand=brand, attributes={"color": color})
    ensure_forgetting_set()
    lamps = set(Product.objects.filter(title__contains="desk lamp").values_list("id", flat=True))
    found = stored(FORGETTING)
    assert found["desk lamp"] == dict.fromkeys(lamps, 3)
    assert sorted(found["red desk lamp"].values()) == [1, 1, 1, 1, 3, 3]
