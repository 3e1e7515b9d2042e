"""/api/search/"""

import gzip
import json
import uuid
from functools import reduce
from operator import add
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from search import rules
from search.event_log import queries
from search.index import embed_stale_products
from search.models import FacetKey, SearchQuery
from search.rule_models import MerchandisingRule
from shop.api import memory
from shop.catalog.models import Category, Product
from tests.catalogue import add_picture, make_category, make_product
from tests.shop.api.conftest import Shopper, errors


@pytest.fixture
def catalogue(db: None) -> dict[str, Product]:
    """Four lamps and two mugs, indexed for lexical search."""
    home = make_category("home", translations={"zh": {"name": "家居"}})
    lamps = make_category("lamps", parent=home, translations={"zh": {"name": "灯具"}})
    mugs = make_category("mugs", parent=home)
    made = {}
    for number, (color, chinese) in enumerate([("red", "红色"), ("blue", "蓝色"), ("red", "红色"), ("green", "绿色")]):
        made[f"lamp {number}"] = make_product(
            f"Desk lamp {number}", sku=f"LAMP-{number}", category=lamps, brand="Lumen" if number < 2 else "Glow",
            price_cents=1000 * (number + 1), popularity=10 - number, stock=number, rating_average=number + 1,
            rating_count=5, attributes={"color": color, "power_w": 40},
            translations={"zh": {"title": f"台灯 {number}", "attributes": {"color": chinese}}},
        )  # fmt: skip
    for number in range(2):
        made[f"mug {number}"] = make_product(f"Coffee mug {number}", sku=f"MUG-{number}", category=mugs, popularity=1)
    FacetKey.objects.create(key="color")
    FacetKey.objects.create(key="power_w")
    embed_stale_products()
    return made


def search(shopper: Shopper, **params: Any) -> dict[str, Any]:
    response = shopper.get("/api/search/", params)
    assert response.status_code == 200, response.content
    return response.json()


def titles(body: dict[str, Any]) -> list[str]:
    return [hit["product"]["title"] for hit in body["hits"]]


def facet(body: dict[str, Any], key: str) -> dict[str, Any]:
    return next(facet for facet in body["facets"] if facet["key"] == key)


def test_a_query_gives_hits_with_cards_and_positions(shopper: Shopper, catalogue: dict[str, Product]) -> None:
    add_picture(catalogue["lamp 0"], "b" * 32)
    body = search(shopper, q="desk lamp", sort="price_asc")
    assert titles(body) == ["Desk lamp 0", "Desk lamp 1", "Desk lamp 2", "Desk lamp 3"]
    assert [hit["position"] for hit in body["hits"]] == [1, 2, 3, 4]
    assert (body["total"], body["page"], body["pages"], body["page_size"]) == (4, 1, 1, 24)
    card = body["hits"][0]["product"]
    assert (card["category"], card["stock_status"], card["rating_average"]) == (
        {"slug": "lamps", "name": "Lamps"}, "out_of_stock", 1.0,
    )  # fmt: skip
    assert card["images"][0]["src"] == f"/img/{'b' * 32}/{{w}}.{{f}}"
    assert card["images"][0]["alt"] == "Desk lamp 0"
    assert card["key_attributes"] == [
        {"key": "power_w", "label": "Power", "value": "40 W"},
        {"key": "color", "label": "Color", "value": "Red"},
    ]


def test_without_an_encoder_search_goes_by_words_and_says_so(shopper: Shopper, catalogue: object) -> None:
    body = search(shopper, q="desk lamp")
    assert body["mode"] == "lexical"
    assert body["notice"] == "Searching by words only: the language model is not available right now."
    assert search(shopper)["mode"] == "browse"


def test_the_real_encoder_makes_it_hybrid(shopper: Shopper, active_encoder_version: object) -> None:
    make_product("Warm down jacket")
    make_product("Kitchen knife")
    embed_stale_products()
    body = search(shopper, q="winter coat")
    assert (body["mode"], body["notice"]) == ("hybrid", None)
    assert titles(body)[0] == "Warm down jacket"


def test_everything_is_in_the_shoppers_language(shopper: Shopper, catalogue: object) -> None:
    for body in (
        search(shopper, q="台灯", lang="zh", sort="price_asc"),
        shopper.get("/api/search/?q=台灯&sort=price_asc", headers={"Accept-Language": "zh-CN,en;q=0.5"}).json(),
    ):
        assert titles(body)[0] == "台灯 0"
        assert [(value["label"], value["value"]) for value in facet(body, "category")["values"]] == [("家居", "home")]
        assert facet(body, "attr.color")["label"] == "颜色"
        assert {value["value"]: value["label"] for value in facet(body, "attr.color")["values"]} == {
            "red": "红色", "blue": "蓝色", "green": "绿色",
        }  # fmt: skip


def test_filters_narrow_and_facets_count_what_picking_gives(shopper: Shopper, catalogue: object) -> None:
    body = search(shopper, q="lamp", attr=["color:red", "color:blue"], brand="Lumen", in_stock=1)
    assert titles(body) == ["Desk lamp 1"]
    assert [(v["value"], v["count"], v["selected"]) for v in facet(body, "brand")["values"]] == [
        ("Glow", 1, False), ("Lumen", 1, True),
    ]  # fmt: skip
    assert facet(body, "in_stock")["values"][0] | {"min_cents": 0, "max_cents": 0} == {
        "value": "1", "label": "In stock", "count": 1, "selected": True, "min_cents": 0, "max_cents": 0,
    }  # fmt: skip


def test_a_category_includes_its_descendants(shopper: Shopper, catalogue: object) -> None:
    assert search(shopper, category="home")["total"] == 6
    assert search(shopper, category="mugs")["total"] == 2


def test_pages_are_parts_of_one_order(shopper: Shopper, catalogue: object) -> None:
    pages = [search(shopper, page=page, page_size=4) for page in (1, 2)]
    assert [hit["position"] for page in pages for hit in page["hits"]] == [1, 2, 3, 4, 5, 6]
    assert len({title for page in pages for title in titles(page)}) == 6
    assert (pages[0]["pages"], pages[0]["total"]) == (2, 6)


def test_explain_adds_scores_and_timings(shopper: Shopper, catalogue: object) -> None:
    body = search(shopper, q="mug", explain=1)
    assert [hit["product_id"] for hit in body["explain"]["hits"]] == [hit["product"]["id"] for hit in body["hits"]]
    assert body["explain"]["timings_ms"]["sql"] > 0
    assert "explain" not in search(shopper, q="mug")


def test_explain_gives_every_stage(shopper: Shopper, active_encoder_version: object, catalogue: object) -> None:
    told = search(shopper, q="desk lamp zzgibberish under $15", explain=1)["explain"]
    assert told["understood"]["constraints"] == [{"key": "price", "text": "under $15"}]
    assert told["understood"]["query"] == "desk lamp zzgibberish"
    assert {(term["term"], term["document_frequency"]) for term in told["terms"]} == {("desk", 4), ("lamp", 4)}
    assert told["unknown_words"] == ["zzgibberish"]
    assert 0.05 <= told["lexical_weight"] <= 0.5
    assert (told["kinds"][0]["slug"], told["kinds"][0]["name"]) == ("lamps", "Lamps")
    assert told["pool"]["passing"] == 1
    hit = told["hits"][0]
    assert list(hit["parts"]) == ["words", "meaning", "kind", "category_name", "sold_out", "named"]
    assert reduce(add, hit["parts"].values()) == hit["score"]


def test_a_search_is_logged_with_its_impressions(shopper: Shopper, catalogue: object) -> None:
    body = search(shopper, q="Lamp ", brand=["Glow"], page_size=1, page=2)
    assert queries.flush() == 1
    row = SearchQuery.objects.get(pk=uuid.UUID(body["query_id"]))
    assert (row.query, row.filters, row.total, row.first_position) == ("Lamp", {"brand": ["Glow"]}, 2, 2)
    assert row.product_ids == [hit["product"]["id"] for hit in body["hits"]]
    assert str(row.client_id) == shopper.cookies["ps_client"].value
    assert (row.user_id, row.mode, row.language) == (None, "lexical", "en")


def test_a_signed_in_shoppers_search_is_logged_as_theirs(shopper: Shopper, catalogue: object) -> None:
    ada = User.objects.create_user("ada@example.com")
    shopper.force_login(ada)
    body = search(shopper, q="lamp")
    queries.flush()
    assert SearchQuery.objects.get(pk=body["query_id"]).user_id == ada.pk


@pytest.mark.parametrize(
    ("params", "field", "code"),
    [
        ({"sort": "best"}, "sort", "invalid_choice"),
        ({"page": "0"}, "page", "min_value"),
        ({"page": "2", "q": "lamp"}, "page", "past_the_end"),
        ({"page": "one"}, "page", "invalid"),
        ({"page": "9" * 5000}, "page", "max_string_length"),
        ({"page_size": "101"}, "page_size", "max_value"),
        ({"price_min": "-1"}, "price_min", "min_value"),
        ({"price_min": "500", "price_max": "400"}, "price_min", "invalid"),
        ({"rating": "6"}, "rating", "max_value"),
        ({"in_stock": "maybe"}, "in_stock", "invalid"),
        ({"attr": "red"}, "attr", "invalid"),
        ({"attr": "color:"}, "attr", "invalid"),
        ({"brand": "x\x00"}, "brand.0", "null_characters_not_allowed"),
        ({"category": "no such"}, "category", "invalid"),
        ({"category": "nowhere"}, "category", "invalid"),
        ({"lang": "fr"}, "lang", "invalid_choice"),
        ({"colour": "red"}, "colour", "unknown"),
        ({"q": "a" * 10_000}, "q", "max_length"),
    ],
)
def test_bad_parameters_are_refused_with_the_field(
    shopper: Shopper, catalogue: object, params: dict[str, str], field: str, code: str
) -> None:
    response = shopper.get("/api/search/", params)
    assert (response.status_code, errors(response)) == (400, [(field, code)])


@pytest.mark.parametrize(
    ("query", "understood"),
    [
        ("desk\x00lamp\r\n\t", "desk lamp"),
        ("  desk   lamp ", "desk lamp"),
        ("\u202edesk lamp\ufeff", "desk lamp"),
        ("👩‍👩‍👧 lamp 💡", "👩‍👩‍👧 lamp 💡"),
        ("مصباح مكتب", "مصباح مكتب"),
        ("'; DROP TABLE catalog_product; --", "'; DROP TABLE catalog_product; --"),
        ("%s {} \\ \" '", "%s {} \\ \" '"),
        ("???", "???"),
    ],
)
def test_strange_queries_are_searched_like_any_other(
    shopper: Shopper, catalogue: object, query: str, understood: str
) -> None:
    assert search(shopper, q=query)["query"] == understood


def test_a_byte_sequence_that_is_no_text_is_searched_without_harm(shopper: Shopper, catalogue: object) -> None:
    assert shopper.get("/api/search/?q=lamp%ff%fe").status_code == 200


def test_a_visitor_without_a_session_costs_three_queries(
    shopper: Shopper, catalogue: object, django_assert_num_queries: Any
) -> None:
    search(shopper, q="lamp", lang="en")  # what processes remember is read once
    with django_assert_num_queries(3):  # the query's words, the one statement, the cards
        assert len(search(shopper, q="lamp", lang="en")["hits"]) == 4


def test_browsers_get_it_compressed(shopper: Shopper, catalogue: object) -> None:
    response = shopper.get("/api/search/?q=mug", headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(response.content))["total"] == 2


def test_a_rules_banner_and_redirect_are_in_the_response(shopper: Shopper, catalogue: dict[str, Product]) -> None:
    assert {search(shopper, q="lamp")[name] for name in ("banner", "redirect")} == {None}
    fields = {"banner_title": "Light", "banner_text": "More of it", "banner_link": "/category/lamps"}
    rule = MerchandisingRule.objects.create(name="Lamps", query="lamp", **fields)
    rules.forget()
    body = search(shopper, q="lamps")
    assert body["banner"] == {"title": "Light", "text": "More of it", "link": "/category/lamps"}
    assert body["redirect"] is None
    MerchandisingRule.objects.filter(pk=rule.pk).update(redirect="https://example.com/lamps")
    rules.forget()
    assert search(shopper, q="lamp")["redirect"] == "https://example.com/lamps"


def test_a_redirected_search_is_logged_without_impressions(shopper: Shopper, catalogue: dict[str, Product]) -> None:
    MerchandisingRule.objects.create(name="Lamps", query="lamp", redirect="/category/lamps")
    rules.forget()
    body = search(shopper, q="lamp")
    queries.flush()
    logged = SearchQuery.objects.get(query_id=body["query_id"])
    assert (logged.mode, logged.product_ids, logged.total) == ("redirect", [], 4)


def test_every_attribute_on_a_card_of_the_page_is_a_filter(shopper: Shopper, catalogue: dict[str, Product]) -> None:
    FacetKey.objects.create(key="dimmable")
    rare = catalogue["lamp 2"]
    attributes = {**rare.attributes, "dimmable": True}
    Product.objects.filter(pk=rare.pk).update(attributes=attributes, updated_at=timezone.now())
    embed_stale_products()
    body = search(shopper, q="lamp")
    on_cards = {f"attr.{row['key']}" for hit in body["hits"] for row in hit["product"]["key_attributes"]}
    assert on_cards == {"attr.color", "attr.power_w", "attr.dimmable"}
    assert on_cards <= {facet["key"] for facet in body["facets"]}
    assert [(v["value"], v["count"]) for v in facet(body, "attr.dimmable")["values"]] == [("yes", 1)]
    assert search(shopper, q="lamp", attr="dimmable:yes")["total"] == 1


def test_results_are_laid_out_as_most_of_their_categories(shopper: Shopper, catalogue: dict[str, Product]) -> None:
    assert search(shopper, q="lamp")["default_layout"] == "grid"
    Category.objects.filter(slug="home").update(default_layout="list")
    Category.objects.filter(slug="mugs").update(default_layout="card")
    memory.forget()
    assert search(shopper, q="lamp")["default_layout"] == "list"  # from the department
    assert search(shopper, q="mug")["default_layout"] == "card"
    assert search(shopper)["default_layout"] == "list"  # four lamps, two mugs
    assert search(shopper, q="xqzjk")["default_layout"] == "grid"
