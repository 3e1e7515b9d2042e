"""The category tree in the admin."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from search.index import embed_stale_products, stale_products
from shop.catalog.models import Category
from tests.catalogue import make_category, make_category_picture, make_product
from tests.merchant import Merchant, form_errors, messages
from tests.shop.catalog.test_import_products import a_picture

pytestmark = pytest.mark.django_db
LIST = "/admin/catalog/category/"


@pytest.fixture
def merchant(db: None) -> Merchant:
    return Merchant()


@pytest.fixture
def tree() -> dict[str, Category]:
    """home > kitchen > kettles, and garden."""
    garden = make_category("garden", position=2)
    home = make_category("home", position=1)
    kitchen = make_category("kitchen", parent=home)
    return {"home": home, "kitchen": kitchen, "kettles": make_category("kettles", parent=kitchen), "garden": garden}


def change(category: Category) -> str:
    return f"{LIST}{category.pk}/change/"


def rows(response: Any) -> list[tuple[int, str, int]]:
    return [(row.depth, row.slug, row.product_count) for row in response.context["cl"].result_list]


def test_the_list_is_a_tree_with_the_products_of_each_branch(merchant: Merchant, tree: dict[str, Category]) -> None:
    for number in range(2):
        make_product(f"Kettle {number}", category=tree["kettles"])
    make_product("Table", category=tree["home"])
    expected = [(0, "home", 3), (1, "kitchen", 2), (2, "kettles", 2), (0, "garden", 0)]
    assert rows(merchant.get(LIST)) == expected
    assert rows(merchant.get(f"{LIST}?q=kettles")) == [(2, "kettles", 2)]


def test_a_category_is_added_with_its_picture(merchant: Merchant, tree: dict[str, Category]) -> None:
    picture = SimpleUploadedFile("pan.png", a_picture("red"))
    entered = {"name": "Pans", "slug": "pans", "name_zh": "锅", "parent": str(tree["kitchen"].pk), "alt": "A pan"}
    response = merchant.fill_in(f"{LIST}add/", **entered, upload=picture)
    assert response.status_code == 302
    pans = Category.objects.get(slug="pans")
    assert (pans.parent, pans.translations) == (tree["kitchen"], {"zh": {"name": "锅"}})
    assert (pans.image.alt, pans.image.width) == ("A pan", 40)


def test_a_picture_is_described_and_removed(merchant: Merchant) -> None:
    category = make_category("pans", image=make_category_picture("a" * 32))
    merchant.fill_in(change(category), alt="Three pans")
    category.refresh_from_db()
    assert category.image.alt == "Three pans"
    merchant.fill_in(change(category), remove_picture="on")
    category.refresh_from_db()
    assert category.image is None


def test_a_file_that_is_no_picture_is_an_error_of_its_field(merchant: Merchant) -> None:
    category = make_category("pans")
    errors = form_errors(merchant.fill_in(change(category), upload=SimpleUploadedFile("pan.png", b"text")))
    assert errors["upload"][0].startswith("pan.png is not a picture")


@pytest.mark.parametrize("parent", ["home", "kitchen", "kettles"])
def test_a_cycle_is_refused(merchant: Merchant, tree: dict[str, Category], parent: str) -> None:
    errors = form_errors(merchant.fill_in(change(tree["home"]), parent=str(tree[parent].pk)))
    assert errors == {"parent": [f"{tree[parent]} is Home itself, or below it; choose a category that is not."]}
    tree["home"].refresh_from_db()
    assert tree["home"].parent is None


def test_a_branch_is_moved(merchant: Merchant, tree: dict[str, Category]) -> None:
    merchant.fill_in(change(tree["kitchen"]), parent=str(tree["garden"].pk))
    assert rows(merchant.get(LIST)) == [(0, "home", 0), (0, "garden", 0), (1, "kitchen", 0), (2, "kettles", 0)]


def test_a_slug_is_unique(merchant: Merchant, tree: dict[str, Category]) -> None:
    errors = form_errors(merchant.fill_in(change(tree["kitchen"]), slug="home"))
    assert errors == {"slug": ["Category with this Slug already exists."]}


def test_a_renamed_category_makes_its_products_stale(merchant: Merchant, tree: dict[str, Category]) -> None:
    kettle = make_product("Kettle", category=tree["kettles"])
    make_product("Table", category=tree["home"])
    embed_stale_products()
    merchant.fill_in(change(tree["kettles"]), name="Water kettles")
    assert list(stale_products(None)) == [kettle]


def test_a_category_that_keeps_its_name_makes_nothing_stale(merchant: Merchant, tree: dict[str, Category]) -> None:
    make_product("Kettle", category=tree["kettles"])
    embed_stale_products()
    merchant.fill_in(change(tree["kettles"]), position="7")
    assert not stale_products(None).exists()


def test_a_category_that_is_used_is_not_deleted(merchant: Merchant, tree: dict[str, Category]) -> None:
    make_product("Kettle", category=tree["kettles"])
    for name, reason in {
        "kettles": "Kettles was not deleted: 1 products are in it. Move them to another category first.",
        "kitchen": "Kitchen was not deleted: 1 categories are below it. Move or delete them first.",
    }.items():
        response = merchant.post(f"{LIST}{tree[name].pk}/delete/", {"post": "yes"}, follow=True)
        assert messages(response) == [reason]
    assert Category.objects.count() == 4


def test_an_unused_category_is_deleted(merchant: Merchant, tree: dict[str, Category]) -> None:
    assert merchant.post(f"{LIST}{tree['garden'].pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Category.objects.filter(slug="garden").exists()
