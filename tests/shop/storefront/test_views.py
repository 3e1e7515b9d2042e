"""Every address of the storefront gives its page, with the right status, and says who may keep it."""

from pathlib import Path

import pytest
from django.test import Client

from tests.catalogue import make_category, make_product
from tests.shop.storefront.conftest import INDEX


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200), ("/zh", 200), ("/zh/", 200), ("/zh/cart", 200),
        ("/search", 200), ("/search?q=coat&page=2", 200), ("/cart", 200), ("/cart/", 200),
        ("/compare?ids=1,2", 200), ("/checkout", 200), ("/orders", 200), ("/orders/A1B2", 200), ("/account", 200),
        ("/nothing", 404), ("/product/999999", 404), ("/product/9999999999999999999", 404), ("/category/nothing", 404),
        ("/search/more", 404), ("/café", 404), ("/zhou", 404), ("/zh/nothing", 404),
    ],
)  # fmt: skip
def test_the_page_comes_with_the_status_of_what_it_will_show(
    client: Client, dist: Path, path: str, status: int
) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert b'<div id="root"><' in response.content


@pytest.mark.django_db
def test_a_product_for_sale_and_a_category_have_pages_and_an_inactive_product_has_not(
    client: Client, dist: Path
) -> None:
    sold, gone = make_product("Kettle"), make_product("Pot", is_active=False)
    make_category("kitchen")
    addresses = [f"/product/{sold.pk}", "/category/kitchen", f"/product/{gone.pk}"]
    assert [client.get(address).status_code for address in addresses] == [200, 200, 404]


@pytest.mark.parametrize("path", ["/assets/app-1234.js", "/favicon.ico", "/product/1.json", "/.env"])
def test_a_file_that_is_not_there_is_no_page(client: Client, dist: Path, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (404, "text/plain; charset=utf-8")


@pytest.mark.django_db
def test_a_new_build_is_served_without_a_restart(client: Client, dist: Path) -> None:
    client.get("/")
    (dist / "index.html").write_text(INDEX.replace("app.js", "new.js"))
    assert b"/assets/new.js" in client.get("/").content


@pytest.mark.django_db
def test_a_storefront_that_is_not_built_says_how_to_build_it(client: Client, dist: Path) -> None:
    (dist / "index.html").unlink()
    response = client.get("/")
    assert response.status_code == 503
    assert b"make setup" in response.content


@pytest.mark.django_db
def test_the_page_sets_the_cookie_that_writes_need(client: Client, dist: Path) -> None:
    assert "csrftoken" in client.get("/").cookies


def test_the_page_is_only_read(client: Client, dist: Path) -> None:
    assert client.post("/").status_code == 405


@pytest.mark.django_db
def test_a_page_with_a_search_is_never_kept_and_others_are_asked_for_again(client: Client, dist: Path) -> None:
    make_category("kitchen")
    kept = {path: client.get(path)["Cache-Control"] for path in ("/search?q=mug", "/category/kitchen", "/", "/cart")}
    assert list(kept.values()) == ["private, no-store", "private, no-store", "private, no-cache", "private, no-cache"]


@pytest.mark.django_db
def test_the_shell_says_what_was_searched_for_and_nothing_typed_becomes_markup(client: Client, dist: Path) -> None:
    html = client.get("/search", {"q": '"><script>a&b</script>'}).content.decode()
    assert '<input value="&quot;&gt;&lt;script&gt;a&amp;b&lt;/script&gt;">' in html
    assert 'href="/search?q=%22%3E%3Cscript%3Ea%26b%3C%2Fscript%3E&amp;lang=zh"' in html
    assert "<script>a" not in html


@pytest.mark.django_db
def test_the_shell_has_the_layout_of_the_address_else_of_the_category(client: Client, dist: Path) -> None:
    make_product("Kettle", category=make_category("kitchen", default_layout="list"))
    paths = ("/search?q=a", "/search?layout=card", "/category/kitchen", "/category/kitchen?layout=grid")
    shells = [client.get(path).content.decode().rpartition("</span>")[2].split("<")[0] for path in paths]
    assert shells == ["grid", "card", "list", "grid"]


@pytest.mark.django_db
def test_scripts_of_the_page_and_its_language_are_loaded_with_it(client: Client, dist: Path) -> None:
    html = client.get("/zh/search?q=a").content.decode()
    assert [name in html for name in ("/assets/search.js", "/assets/zh.js")] == [True, True]
    assert "/assets/zh.js" not in client.get("/search?q=a").content.decode()


@pytest.mark.django_db
def test_each_language_has_its_manifest(client: Client, dist: Path) -> None:
    manifests = {path: 'href="/manifest.zh.webmanifest"' in client.get(path).content.decode() for path in ("/", "/zh/")}
    assert manifests == {"/": False, "/zh/": True}
