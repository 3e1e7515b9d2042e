"""The words of a product that are indexed and embedded."""

from typing import Any

from search.product_text import attribute_values, product_text

KETTLE: dict[str, Any] = {
    "title": "Red kettle", "description": "Boils water.", "brand": "Bosko", "sku": "K-1", "gtin": "4006381333931",
    "mpn": "WAN28", "product_type": "Kettles", "category_name": "Kitchen",
    "attributes": {"color": "red", "power_w": 2200, "cordless": True},
    "translations": {"zh": {"title": "红色水壶", "description": "烧水。", "attributes": {"color": "红色"}}},
}  # fmt: skip


def test_the_title_counts_twice_and_numbers_of_attributes_not_at_all() -> None:
    assert product_text(KETTLE).terms() == [
        "red", "kettl", "red", "kettl", "boil", "water", "bosko", "kitchen", "kettl", "k", "1", "4006381333931",
        "wan28", "red", "yes",
    ]  # fmt: skip


def test_chinese_is_apart() -> None:
    assert product_text(KETTLE).chinese_terms() == ["红色", "色水", "水壶", "烧水", "红色"]


def test_the_encoder_sees_prose_and_facts() -> None:
    assert product_text(KETTLE).views() == (
        "Red kettle. Boils water.",
        "Red kettle. Kitchen Kettles color red, power w 2200, cordless yes",
    )


def test_a_product_with_a_title_only_has_two_equal_views() -> None:
    empty = {"description": "", "brand": "", "sku": "", "gtin": "", "mpn": "", "product_type": "", "category_name": ""}
    text = product_text({**empty, "title": "Kettle", "attributes": {}, "translations": {}})
    assert text.views() == ("Kettle", "Kettle")
    assert text.terms() == ["kettl", "kettl"]


def test_a_description_that_repeats_the_title_is_not_said_twice() -> None:
    assert product_text({**KETTLE, "description": "red KETTLE"}).views()[0] == "Red kettle"


def test_the_hash_changes_with_what_is_encoded_and_with_nothing_else() -> None:
    same = product_text(dict(KETTLE)).views_hash()
    assert len(same) == 16
    for change in ({"price_cents": 5}, {"brand": "Bosca"}, {"gtin": ""}, {"mpn": "W"}, {"translations": {}}):
        assert product_text({**KETTLE, **change}).views_hash() == same
    changed = [
        {"title": "Red kettles"}, {"description": "Boil."}, {"attributes": {"color": "red"}}, {"category_name": "Home"},
    ]  # fmt: skip
    hashes = {product_text({**KETTLE, **change}).views_hash() for change in changed}
    assert len(hashes - {same}) == len(changed)


def test_attribute_values_are_read_as_shoppers_read_them() -> None:
    assert attribute_values(16.0) == ["16"]
    assert attribute_values(1.5) == ["1.5"]
    assert attribute_values(False) == ["no"]
    assert attribute_values(["eco", None, "", ["new", 3]]) == ["eco", "new", "3"]
    assert attribute_values("  red ") == ["red"]
    assert attribute_values(None) == attribute_values("") == attribute_values([]) == []
