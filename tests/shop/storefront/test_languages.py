"""The language is in the address; where it is not, the last choice or the browser's wish leads there."""

from pathlib import Path

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dist")]
CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}


def test_a_browser_that_prefers_chinese_is_led_there_with_all_parameters(client: Client) -> None:
    response = client.get("/search?q=a&brand=X&brand=Y", headers=CHINESE)
    assert (response.status_code, response["Location"]) == (302, "/zh/search?q=a&brand=X&brand=Y")
    assert set(response["Vary"].split(", ")) >= {"Accept-Language", "Cookie"}


@pytest.mark.parametrize("wish", ["", "en-GB,zh;q=0.5", "fr-FR,fr;q=0.9"])
def test_other_browsers_stay(client: Client, wish: str) -> None:
    assert client.get("/", headers={"Accept-Language": wish}).status_code == 200


def test_an_address_in_chinese_is_shown_to_everybody(client: Client) -> None:
    assert client.get("/zh/", headers={"Accept-Language": "en"}).status_code == 200


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/?lang=zh", "/zh/"),
        ("/zh/cart?lang=en", "/cart"),
        ("/search?q=a&lang=zh&sort=newest", "/zh/search?q=a&sort=newest"),
    ],
)
def test_old_links_and_the_switch_lead_to_the_address_and_are_remembered(client: Client, old: str, new: str) -> None:
    assert client.get(old)["Location"] == new
    remembered = client.get("/account", headers={"Accept-Language": "zh" if "lang=en" in old else "en"})
    assert remembered.headers.get("Location") == ("/zh/account" if "lang=zh" in old else None)


def test_no_parameter_leads_to_another_host(client: Client, dist: Path) -> None:
    assert client.get("/zh//example.com/?lang=en")["Location"] == "/%2Fexample.com/"
    assert client.get("/?lang=fr").status_code == 200
