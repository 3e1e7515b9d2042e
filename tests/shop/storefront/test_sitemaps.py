"""sitemap.xml and robots.txt."""

import re

import pytest
from django.test import Client

from tests.catalogue import make_category, make_product

HOST = "http://testserver"


def found(client: Client, path: str) -> list[str]:
    return re.findall(r"<loc>(.*?)</loc>", client.get(path).content.decode())


@pytest.mark.django_db
def test_the_sitemap_leads_to_one_for_each_kind_of_page(client: Client) -> None:
    assert found(client, "/sitemap.xml") == [
        f"{HOST}/sitemap-{name}.xml" for name in ("pages", "categories", "products")
    ]


@pytest.mark.django_db
def test_what_is_for_sale_is_in_the_sitemap_in_both_languages(client: Client) -> None:
    kitchen = make_category("kitchen")
    sold = make_product("Kettle", category=make_category("kettle", parent=kitchen))
    make_product("Pot", is_active=False, category=make_category("pot", parent=kitchen))
    products = [f"{HOST}{prefix}/product/{sold.pk}" for prefix in ("", "/zh")]
    assert found(client, "/sitemap-products.xml") == products
    assert set(found(client, "/sitemap-categories.xml")) == {
        f"{HOST}{prefix}/category/{slug}" for prefix in ("", "/zh") for slug in ("kitchen", "kettle")
    }
    text = client.get("/sitemap-products.xml").content.decode()
    assert text.count(f'hreflang="zh-hans" href="{products[1]}"') == 2
    assert text.count(f'hreflang="x-default" href="{products[0]}"') == 2
    assert f"<lastmod>{sold.updated_at.date()}</lastmod>" in text


def test_robots_may_read_the_store_and_not_the_admin(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert {"Disallow: /admin/", f"Sitemap: {HOST}/sitemap.xml"} <= set(lines)
    assert "Disallow: /" not in lines
