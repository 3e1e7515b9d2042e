"""Every address of the storefront gives its page, with the right status."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.catalogue import make_category, make_product


@pytest.fixture
def page(tmp_path: Path, settings: Any) -> Path:
    """The built storefront: its page."""
    settings.FRONTEND_DIST = tmp_path
    index = tmp_path / "index.html"
    index.write_text("<title>Store</title>")
    return index


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200), ("/search", 200), ("/search?q=coat&page=2", 200), ("/cart", 200), ("/cart/", 200),
        ("/checkout", 200), ("/orders", 200), ("/orders/A1B2", 200), ("/account", 200),
        ("/nothing", 404), ("/product/999999", 404), ("/product/9999999999999999999", 404), ("/category/nothing", 404),
        ("/search/more", 404), ("/café", 404),
    ],
)  # fmt: skip
def test_the_page_comes_with_the_status_of_what_it_will_show(
    client: Client, page: Path, path: str, status: int
) -> None:
    response = client.get(path)
    assert (response.status_code, response.content) == (status, b"<title>Store</title>")
    assert response["Cache-Control"] == "no-cache"


@pytest.mark.django_db
def test_a_product_for_sale_and_a_category_have_pages_and_an_inactive_product_has_not(
    client: Client, page: Path
) -> None:
    sold, gone = make_product("Kettle"), make_product("Pot", is_active=False)
    make_category("kitchen")
    addresses = [f"/product/{sold.pk}", "/category/kitchen", f"/product/{gone.pk}"]
    assert [client.get(address).status_code for address in addresses] == [200, 200, 404]


@pytest.mark.parametrize("path", ["/assets/app-1234.js", "/favicon.ico", "/product/1.json", "/.env"])
def test_a_file_that_is_not_there_is_no_page(client: Client, page: Path, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (404, "text/plain; charset=utf-8")


@pytest.mark.django_db
def test_a_new_build_is_served_without_a_restart(client: Client, page: Path) -> None:
    client.get("/")
    page.write_text("<title>New</title>")
    assert client.get("/").content == b"<title>New</title>"


@pytest.mark.django_db
def test_a_storefront_that_is_not_built_says_how_to_build_it(client: Client, page: Path) -> None:
    page.unlink()
    response = client.get("/")
    assert response.status_code == 503
    assert b"make setup" in response.content


@pytest.mark.django_db
def test_the_page_sets_the_cookie_that_writes_need(client: Client, page: Path) -> None:
    assert "csrftoken" in client.get("/").cookies


def test_the_page_is_only_read(client: Client, page: Path) -> None:
    assert client.post("/").status_code == 405
