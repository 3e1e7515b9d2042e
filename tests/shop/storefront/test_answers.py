"""The first answers are in the page: what the API says, by the address that the app would ask."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from search import event_log
from search.models import SearchQuery
from tests.catalogue import add_picture, make_category, make_product
from tests.shop.storefront.conftest import Parsed

Opened = Callable[..., Parsed]


def test_home_has_its_answer_and_the_cart(client: Client, opened: Opened) -> None:
    make_product("Kettle")
    answers = opened("/").first_answers
    assert answers["/api/home/?lang=en"] == client.get("/api/home/?lang=en").json()
    assert list(answers) == ["/api/home/?lang=en", "/api/cart/?lang=en"]


def test_a_product_has_its_answer_in_the_language_of_the_address(client: Client, opened: Opened) -> None:
    path = f"/product/{make_product('Kettle', translations={'zh': {'title': '水壶'}}).pk}"
    answer = opened(f"/zh{path}").first_answers[f"/api{path.replace('product', 'products')}/?lang=zh"]
    assert answer["title"] == "水壶"


def test_a_search_has_the_parameters_that_the_app_passes_on(opened: Opened) -> None:
    asked = next(iter(opened("/search?q=a+b&layout=list&brand=X&brand=Y%26Z&utm=1").first_answers))
    assert asked == "/api/search/?q=a+b&brand=X&brand=Y%26Z&page_size=24&page=1&lang=en"


def test_a_category_is_searched_by_its_place_in_the_path(opened: Opened) -> None:
    make_product("Kettle", category=make_category("kitchen"))
    answers = opened("/category/kitchen?category=other").first_answers
    assert next(iter(answers)) == "/api/search/?category=kitchen&page_size=24&page=1&lang=en"
    assert list(answers)[1:] == ["/api/categories/?lang=en", "/api/cart/?lang=en"]


def test_a_text_that_would_end_the_script_does_not(opened: Opened) -> None:
    title = "</script><script>alert(1)</script><!--"
    page = opened(f"/product/{make_product(title, sku='X', description=title).pk}")
    assert "<script>alert" not in page.html
    assert page.first_answers[next(iter(page.first_answers))]["title"] == title
    assert page.things["Product"]["name"] == title
    assert page.title.startswith(title)


def test_a_search_is_logged_once_with_the_query_id_that_the_page_has(client: Client, dist: Path, db: None) -> None:
    make_product("Kettle")
    response = client.get("/search?q=kettle")
    event_log.queries.flush()
    (row,) = SearchQuery.objects.all()
    body = Parsed(response.content.decode()).first_answers["/api/search/?q=kettle&page_size=24&page=1&lang=en"]
    assert str(row.query_id) == body["query_id"]
    assert str(row.client_id) == response.cookies["ps_client"].value


def test_two_pages_have_two_query_ids_and_ids_of_their_own(opened: Opened) -> None:
    first, second = (opened("/search?q=kettle") for _ in range(2))
    ids = [next(iter(page.first_answers.values()))["query_id"] for page in (first, second)]
    assert ids[0] != ids[1]
    assert first.html.split('{"page":"')[1][:36] != second.html.split('{"page":"')[1][:36]


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}])
def test_a_page_that_nobody_has_asked_for_yet_searches_nothing(opened: Opened, headers: dict[str, str]) -> None:
    assert list(opened("/search?q=kettle", **headers).first_answers) == ["/api/cart/?lang=en"]
    event_log.queries.flush()
    assert SearchQuery.objects.count() == 0


def test_the_head_of_a_page_searches_nothing(client: Client, dist: Path, db: None) -> None:
    assert client.head("/search?q=kettle").status_code == 200
    event_log.queries.flush()
    assert SearchQuery.objects.count() == 0


def test_a_search_that_the_api_refuses_is_left_to_the_app(opened: Opened) -> None:
    make_product("Kettle")
    page = opened("/search?q=kettle&sort=nonsense")
    assert list(page.first_answers) == ["/api/cart/?lang=en"]
    assert page.title == "kettle · Pocketshop"


def test_the_first_picture_is_in_the_shell_and_preloaded_alike(opened: Opened) -> None:
    product = make_product("Kettle")
    add_picture(product, "abc")
    page = opened(f"/product/{product.pk}")
    srcset = ", ".join(f"/img/abc/{width}.avif {width}w" for width in (160, 320, 640, 960))
    preload = page.link("preload")
    assert preload is not None
    assert (preload["imagesrcset"], preload["imagesizes"], preload["fetchpriority"]) == (srcset, "46vw", "high")
    assert f'<source type="image/avif" srcset="{srcset}" sizes="46vw">' in page.html


def test_a_product_without_a_picture_preloads_none(opened: Opened) -> None:
    assert opened(f"/product/{make_product('Kettle').pk}").link("preload") is None


def test_brand_and_title_are_in_the_shell_as_a_tile_says_them(opened: Opened) -> None:
    make_product("Acme <b>Kettle</b>", brand="Acme")
    html = opened("/").html
    assert '<span class="b" data-brand="0">Acme</span>' in html
    assert '<span class="t" data-title="0">&lt;b&gt;Kettle&lt;/b&gt;</span>' in html


def test_places_for_words_stay_empty_where_nothing_is_shown(opened: Opened) -> None:
    assert '<span class="t" data-title="0"></span>' in opened("/").html
