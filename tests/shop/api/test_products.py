"""/api/products/, /api/categories/ and /api/home/"""

from datetime import date, timedelta
from typing import Any

from search.models import FacetKey
from shop.catalog.models import Product
from tests.catalogue import add_picture, make_category, make_category_picture, make_product
from tests.shop.api.conftest import Shopper, errors


def test_cards_come_in_the_order_asked_for_without_unknown_ones(shopper: Shopper) -> None:
    mug, pen, hidden = make_product("Mug"), make_product("Pen"), make_product("Hidden", is_active=False)
    body = shopper.get("/api/products/", {"ids": f"{pen.pk},{hidden.pk},99999,{mug.pk},{pen.pk}"}).json()
    assert [card["title"] for card in body] == ["Pen", "Mug"]


def test_ids_must_be_numbers_and_at_most_a_hundred(shopper: Shopper) -> None:
    for ids in ("", "a", "1,,2", "-1", "1" * 19, ",".join(["1"] * 101)):
        response = shopper.get("/api/products/", {"ids": ids})
        assert response.status_code == 400
        assert errors(response)[0][0] == "ids"
    assert errors(shopper.get("/api/products/")) == [("ids", "required")]


def test_a_list_of_cards_costs_one_query(shopper: Shopper, django_assert_num_queries: Any) -> None:
    for number in range(10):
        add_picture(make_product(f"Thing {number}", attributes={"color": "red"}), f"{number:032x}")
    ids = ",".join(str(pk) for pk in Product.objects.values_list("pk", flat=True))
    shopper.get("/api/products/", {"ids": ids})
    with django_assert_num_queries(1):
        assert len(shopper.get("/api/products/", {"ids": ids}).json()) == 10


def test_a_card_says_what_is_left_and_what_is_new(shopper: Shopper) -> None:
    made = [
        make_product("Gone", stock=0),
        make_product("Few", stock=3, released_on=date.today()),
        make_product("Many", stock=6, released_on=date.today() - timedelta(days=61)),
        make_product("Coming", stock=6, released_on=date.today() + timedelta(days=1)),
    ]
    cards = shopper.get("/api/products/", {"ids": ",".join(str(product.pk) for product in made)}).json()
    assert [(card["stock_status"], card["stock_left"], card["is_new"]) for card in cards] == [
        ("out_of_stock", None, False), ("low_stock", 3, True), ("in_stock", None, False), ("in_stock", None, False),
    ]  # fmt: skip


def test_a_card_shows_at_most_four_pictures_and_telling_attributes(shopper: Shopper) -> None:
    keys = ["storage_gb", "color", "package weight", "ram_gb", "size", "material", "zzz", "long"]
    FacetKey.objects.bulk_create(FacetKey(key=key) for key in keys)
    values = {"storage_gb": 256, "color": "red", "package weight": 9, "ram_gb": 16.0, "size": "L", "material": "felt"}
    more = {"zzz": "z", "long": "x" * 60, "unknown": "not a filter"}
    laptop = make_product("Laptop", attributes={**values, **more})
    for number in range(6):
        add_picture(laptop, f"{number:032x}", position=number)
    (card,) = shopper.get("/api/products/", {"ids": laptop.pk}).json()
    assert len(card["images"]) == 4
    assert [(row["label"], row["value"]) for row in card["key_attributes"]] == [
        ("Storage", "256 GB"), ("Memory", "16 GB"), ("Size", "L"), ("Material", "Felt"),
    ]  # fmt: skip


def test_a_products_page_has_everything_in_the_shoppers_language(shopper: Shopper) -> None:
    home = make_category("home", translations={"zh": {"name": "家居"}})
    lamps = make_category("lamps", parent=home)
    lamp = make_product(
        "Lamp", category=lamps, gtin="4006381333931", mpn="L-1", description="Bright.",
        attributes={"color": "red", "waterproof": True, "pallet weight": 900},
        translations={"zh": {"title": "台灯", "description": "很亮。", "attributes": {"color": "红色"}}},
    )  # fmt: skip
    for number in range(6):
        add_picture(lamp, f"{number:032x}", alt="A red lamp")
    make_product("Other lamp", category=lamps)
    body = shopper.get(f"/api/products/{lamp.pk}/?lang=zh").json()
    assert (body["title"], body["description"], body["gtin"], body["mpn"]) == ("台灯", "很亮。", "4006381333931", "L-1")
    assert len(body["images"]) == 6
    assert body["images"][0]["alt"] == "台灯"
    assert [(row["label"], row["value"]) for row in body["attributes"]] == [("颜色", "红色"), ("防水", "是")]
    assert body["breadcrumbs"] == [{"slug": "home", "name": "家居"}, {"slug": "lamps", "name": "Lamps"}]
    assert [card["title"] for card in body["similar"]] == ["Other lamp"]


def test_a_product_that_is_not_for_sale_is_not_found(shopper: Shopper) -> None:
    hidden = make_product("Hidden", is_active=False)
    for product_id in (hidden.pk, 99999, 10**30):
        response = shopper.get(f"/api/products/{product_id}/")
        assert (response.status_code, errors(response)) == (404, [("product_id", "not_found")])


def test_category_counts_include_descendants(shopper: Shopper, django_assert_max_num_queries: Any) -> None:
    home = make_category("home", image=make_category_picture("c" * 32), default_layout="list")
    lamps = make_category("lamps", parent=home, image=make_category_picture("d" * 32))
    make_product("Lamp", category=lamps)
    make_product("Sofa", category=home)
    make_product("Hidden", category=lamps, is_active=False)
    with django_assert_max_num_queries(2):
        (root,) = shopper.get("/api/categories/").json()
    assert (root["slug"], root["count"], root["default_layout"]) == ("home", 2, "list")
    assert (root["image"]["src"], root["image"]["alt"]) == (f"/img/{'c' * 32}/{{w}}.{{f}}", "Home")
    assert [(child["slug"], child["count"], child["children"]) for child in root["children"]] == [("lamps", 1, [])]
    assert root["children"][0]["default_layout"] == "list"  # its department's


def test_a_category_is_laid_out_as_it_says_else_as_the_one_above_else_as_a_grid(shopper: Shopper) -> None:
    electronics = make_category("electronics", default_layout="list")
    audio = make_category("audio", parent=electronics)
    make_category("earbuds", parent=audio)
    make_category("posters", parent=electronics, default_layout="card")
    make_category("clothing")
    trees = shopper.get("/api/categories/").json()
    layouts = {}
    for node in trees:
        for one in (node, *node["children"], *(leaf for child in node["children"] for leaf in child["children"])):
            layouts[one["slug"]] = one["default_layout"]
    assert layouts == {"electronics": "list", "audio": "list", "earbuds": "list", "posters": "card", "clothing": "grid"}


def test_a_category_without_a_picture_borrows_its_most_popular_products(shopper: Shopper) -> None:
    home = make_category("home")
    lamps = make_category("lamps", parent=home)
    add_picture(make_product("Dull", category=lamps, popularity=1), "1" * 32)
    add_picture(make_product("Popular", category=lamps, popularity=9), "2" * 32)
    (root,) = shopper.get("/api/categories/").json()
    assert root["children"][0]["image"]["src"] == root["image"]["src"] == f"/img/{'2' * 32}/{{w}}.{{f}}"


def test_home_shows_popular_new_and_reduced_products_of_several_departments(shopper: Shopper) -> None:
    today = date.today()
    for number in range(3):
        department = make_category(f"department-{number}")
        for item in range(6):
            make_product(
                f"Thing {number}-{item}", category=department, popularity=100 - 10 * number - item,
                sale_price_cents=1999 - 100 * item if item else None, released_on=today - timedelta(days=20 * item),
            )  # fmt: skip
    make_product("Sold out", stock=0, popularity=1000, released_on=today, sale_price_cents=1)
    body = shopper.get("/api/home/").json()
    popular = [card["title"] for card in body["popular"]]
    assert popular[:6] == ["Thing 0-0", "Thing 0-1", "Thing 1-0", "Thing 1-1", "Thing 2-0", "Thing 2-1"]
    assert len(popular) == 12
    assert {card["title"][-1] for card in body["new"]} == {"0", "1", "2"}
    assert body["deals"][0]["title"] == "Thing 0-5"
    assert all(card["sale_price_cents"] for card in body["deals"])
    assert [department["count"] for department in body["departments"]] == [6, 6, 6]


def test_home_is_remembered_for_a_moment(shopper: Shopper, django_assert_num_queries: Any) -> None:
    make_product("Mug")
    shopper.get("/api/home/?lang=en")
    with django_assert_num_queries(0):
        assert len(shopper.get("/api/home/?lang=en").json()["popular"]) == 1


def test_home_shows_one_of_a_group_of_variants(shopper: Shopper) -> None:
    for color, popularity in (("red", 5), ("blue", 9)):
        make_product(f"Mug, {color}", item_group="mug", popularity=popularity)
    make_product("Cup", popularity=1)
    assert [card["title"] for card in shopper.get("/api/home/").json()["popular"]] == ["Mug, blue", "Cup"]
