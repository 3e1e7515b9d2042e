"""/api/compare/"""

from typing import Any

from tests.catalogue import make_product
from tests.shop.api.conftest import Shopper, errors


def compare(shopper: Shopper, *products: Any, lang: str = "en") -> dict[str, Any]:
    ids = ",".join(str(product.pk) for product in products)
    response = shopper.get("/api/compare/", {"ids": ids, "lang": lang})
    assert response.status_code == 200, response.content
    body: dict[str, Any] = response.json()
    return body


def facts(body: dict[str, Any]) -> dict[str, tuple[list[str], bool, list[int]]]:
    return {row["key"]: (row["values"], row["differs"], row["best"]) for row in body["rows"]}


def test_products_stand_side_by_side_in_the_order_asked_for_those_that_differ_first(shopper: Shopper) -> None:
    facts_of_small = {"ram_gb": 8, "os": "None", "color": "red"}
    small = make_product("Small", brand="Tavio", price_cents=50_000, attributes=facts_of_small)
    large = make_product("Large", brand="Tavio", price_cents=90_000, attributes={"ram_gb": 16, "os": "None"})
    body = compare(shopper, large, small)
    assert [card["title"] for card in body["products"]] == ["Large", "Small"]
    assert facts(body) == {
        "price": (["90000", "50000"], True, [1]),
        "attr.ram_gb": (["16 GB", "8 GB"], True, [0]),
        "attr.color": (["", "Red"], True, []),
        "rating": (["", ""], False, []),
        "in_stock": (["in_stock", "in_stock"], False, []),
        "brand": (["Tavio", "Tavio"], False, []),
        "attr.os": (["None", "None"], False, []),
    }
    assert [row["differs"] for row in body["rows"]] == [True] * 3 + [False] * 4


def test_the_best_is_marked_only_where_it_is_clear(shopper: Shopper) -> None:
    disks = {"storage": "512 GB", "weight_kg": 2, "battery_h": 10, "warranty": "2 years", "waterproof": True}
    one = make_product("One", rating_average=4.5, rating_count=9, attributes=disks)
    larger = {**disks, "storage": "1 TB", "weight_kg": 1}
    two = make_product("Two", rating_average=4.5, rating_count=2, attributes=larger)
    three = make_product("Three", attributes={"storage": "256 GB", "battery_h": 12})
    found = facts(compare(shopper, one, two))
    assert found["attr.storage"][2] == [1]  # a terabyte is more than 512 gigabytes
    assert found["attr.weight_kg"][2] == []  # lighter is not always better
    assert found["rating"] == (["4.5", "4.5"], False, [])  # as good
    found = facts(compare(shopper, one, two, three))
    assert found["attr.battery_h"][2] == [2]
    assert found["attr.waterproof"][2] == [0, 1]
    assert found["rating"][2] == []  # nobody has rated the third


def test_a_sale_price_is_what_counts(shopper: Shopper) -> None:
    reduced = make_product("Reduced", price_cents=5000, sale_price_cents=3000)
    usual = make_product("Usual", price_cents=4000)
    assert facts(compare(shopper, usual, reduced))["price"] == (["4000", "3000"], True, [1])


def test_facts_are_in_the_shoppers_language(shopper: Shopper) -> None:
    lamp = make_product("Lamp", attributes={"color": "red"}, translations={"zh": {"attributes": {"color": "红色"}}})
    body = compare(shopper, lamp, make_product("Mug", attributes={"color": "blue"}), lang="zh")
    [color] = [row for row in body["rows"] if row["key"] == "attr.color"]
    assert (color["label"], color["values"]) == ("颜色", ["红色", "blue"])


def test_at_most_four_are_compared_and_the_same_one_counts_once(shopper: Shopper) -> None:
    made = [make_product(f"Thing {number}") for number in range(5)]
    assert len(compare(shopper, *made[:4], made[0])["products"]) == 4
    response = shopper.get("/api/compare/", {"ids": ",".join(str(product.pk) for product in made)})
    assert (response.status_code, errors(response)) == (400, [("ids", "max_length")])
    assert response.json()["errors"][0]["message"] == "At most 4 products can be compared."


def test_products_that_are_not_for_sale_are_left_out(shopper: Shopper) -> None:
    hidden, shown = make_product("Hidden", is_active=False), make_product("Shown")
    body = compare(shopper, hidden, shown)
    assert [card["title"] for card in body["products"]] == ["Shown"]
    assert all(len(row["values"]) == 1 for row in body["rows"])


def test_it_costs_two_queries(shopper: Shopper, django_assert_num_queries: Any) -> None:
    made = [make_product(f"Thing {number}", attributes={"color": "red"}) for number in range(4)]
    compare(shopper, *made)
    with django_assert_num_queries(2):
        compare(shopper, *made)
