"""Input that nobody should send: a 4xx in the one shape of errors, never a 500."""

from typing import Any

import pytest

from search.index import embed_stale_products
from shop.api.wire import MAX_BODY_BYTES
from tests.catalogue import make_product
from tests.shop.api.conftest import Shopper, errors
from tests.shop.api.test_checkout import ADDRESS, KEY

pytestmark = pytest.mark.slow  # together; `make check` stays under two minutes

READS = ["search/", "suggestions/", "home/", "categories/", "products/?ids=1", "cart/", "orders/", "account/"]
WRITES = [
    ("post", "cart/items/"), ("patch", "cart/items/1/"), ("post", "checkout/"), ("post", "account/sign-up/"),
    ("post", "account/sign-in/"), ("post", "events/"),
]  # fmt: skip
ENDLESS = '{"a":' * 100_000 + "1" + "}" * 100_000


@pytest.fixture
def mug(db: None) -> int:
    product = make_product("Mug")
    embed_stale_products()
    return product.pk


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "required"),
        (b"{", 400, "parse_error"),
        (b"null", 400, "null"),
        (b"[]", 400, "invalid"),
        (b'"text"', 400, "invalid"),
        (b"NaN", 400, "parse_error"),
        (b'{"a": NaN}', 400, "parse_error"),
        (b'{"a": "\\ud83d"}', 400, "parse_error"),
        (b"\xff\xfe", 400, "parse_error"),
        (ENDLESS[:MAX_BODY_BYTES].encode(), 400, "parse_error"),
        (b" " * (MAX_BODY_BYTES + 1), 413, "too_large"),
        (b'{"unheard_of": 1}', 400, "unknown"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_body_that_is_not_asked_for_is_refused(
    shopper: Shopper, method: str, path: str, body: bytes, status: int, code: str
) -> None:
    response = getattr(shopper, method)(f"/api/{path}", body, content_type="application/json", headers=KEY)
    assert response.status_code == status, response.content
    assert code in {found for _, found in errors(response)}


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"]
)
def test_other_content_types_are_refused(shopper: Shopper, method: str, path: str, content_type: str) -> None:
    response = getattr(shopper, method)(f"/api/{path}", b"a=1", content_type=content_type, headers=KEY)
    assert (response.status_code, errors(response)) == (415, [(None, "unsupported_media_type")])


@pytest.mark.parametrize("path", READS)
def test_a_read_cannot_be_written(shopper: Shopper, path: str) -> None:
    for method in ("post", "put", "patch", "delete"):
        response = shopper.send(method, f"/api/{path}", {})
        assert (response.status_code, errors(response)) == (405, [(None, "method_not_allowed")])


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_write_cannot_be_read(shopper: Shopper, method: str, path: str) -> None:
    response = shopper.get(f"/api/{path}")
    assert (response.status_code, errors(response)) == (405, [(None, "method_not_allowed")])


@pytest.mark.parametrize("path", ["home/", "categories/", "suggestions/", "search/", "cart/", "products/1/"])
@pytest.mark.parametrize(
    ("query", "code"), [("lang=fr", "invalid_choice"), ("lang=", "invalid_choice"), ("x=1", "unknown")]
)
def test_parameters_are_checked_everywhere(shopper: Shopper, path: str, query: str, code: str) -> None:
    response = shopper.get(f"/api/{path}?{query}")
    assert (response.status_code, errors(response)) == (400, [(query.split("=")[0], code)])


@pytest.mark.parametrize(
    "query",
    [
        "page=-1", "page=1e3", "page=%00", "page=", "page=10001", "page_size=0", "page_size=x", "price_min=1.5",
        "price_max=99999999999999999999", "price_min=", "rating=0", "rating=NaN", "in_stock=2", "in_stock=",
        "attr=:", "attr=:red", "attr=color", "attr=" + "a" * 201, "attr=a:%00", "brand=", "brand=" + "b" * 201,
        "category=%F0%9F%99%82", "category=" + "c" * 101, "sort=", "sort=popular", "sort=price_asc%00",
        "explain=perhaps", "q=" + "q" * 501, "&".join(["brand=x"] * 51), "&".join(["attr=a:b"] * 51),
    ],
)  # fmt: skip
def test_a_wrong_filter_names_itself(shopper: Shopper, mug: int, query: str) -> None:
    response = shopper.get(f"/api/search/?{query}")
    assert response.status_code == 400, response.content
    (field, _) = errors(response)[0]
    assert str(field).split(".")[0] == query.split("=")[0]


@pytest.mark.parametrize(
    "text",
    [
        "\x00", "\x1b[31m", "🙂" * 50, "\u202eabc", "مصباح", "שלום", "a\u0301" * 100, "\ufeff", "﷽" * 100, "%", "_",
        "\\", "'; --", '"', "ＵＳＢ", "0" * 400, "-1", "1e309", "NULL", "()", "&|!", "<->", ":*", "\u2028",
        "\U0010ffff", "a" * 500,
    ],
)  # fmt: skip
def test_any_text_can_be_searched_for_and_completed(shopper: Shopper, mug: int, text: str) -> None:
    for path in ("search", "suggestions"):
        response = shopper.get(f"/api/{path}/", {"q": text})
        assert response.status_code == 200, response.content


@pytest.mark.parametrize("product_id", ["0", "9" * 18, "9" * 30, "-1", "1.5", "abc", "%00", "1%2F2", "a%0Ab"])
def test_products_that_cannot_be_are_not_found(shopper: Shopper, db: None, product_id: str) -> None:
    response = shopper.get(f"/api/products/{product_id}/")
    assert response.status_code == 404
    assert [code for _, code in errors(response)] == ["not_found"]


@pytest.mark.parametrize("number", ["ABC", "0" * 500, "a-b", "%F0%9F%99%82", "..", "%00"])
def test_orders_that_cannot_be_are_not_found(shopper: Shopper, db: None, number: str) -> None:
    response = shopper.get(f"/api/orders/{number}/")
    assert response.status_code == 404
    assert [code for _, code in errors(response)] == ["not_found"]


@pytest.mark.parametrize("item_id", [0, 9**30, 2**63])
def test_lines_that_cannot_be_are_not_found(shopper: Shopper, mug: int, item_id: int) -> None:
    shopper.send("post", "/api/cart/items/", {"product_id": mug})
    for method, body in (("patch", {"quantity": 1}), ("delete", None)):
        response = shopper.send(method, f"/api/cart/items/{item_id}/", body)
        assert (response.status_code, errors(response)) == (404, [("item_id", "not_found")])


@pytest.mark.parametrize("value", [True, 1.5, "1.5", -1, 0, 2**63, 10**400, None, [], {}, "", "x"], ids=repr)
@pytest.mark.parametrize("field", ["product_id", "quantity", "position"])
def test_numbers_in_bodies_are_checked(shopper: Shopper, mug: int, field: str, value: Any) -> None:
    if field == "position" and value is None:
        return
    body = {"product_id": mug, field: value}
    text = str(body).replace("'", '"').replace("True", "true").replace("None", "null")
    response = shopper.post("/api/cart/items/", text, content_type="application/json")
    assert response.status_code == 400, response.content
    assert {name for name, _ in errors(response)} <= {field, None}


@pytest.mark.parametrize("text", ["a" * 10_000, "\x00", "\x1b[31m", "a\nb"], ids=["long", "nul", "escape", "two lines"])
@pytest.mark.parametrize("field", ["name", "city", "address_line1", "phone", "postal_code", "email", "country"])
def test_addresses_with_unusable_text_are_refused(shopper: Shopper, mug: int, field: str, text: str) -> None:
    shopper.send("post", "/api/cart/items/", {"product_id": mug})
    response = shopper.send("post", "/api/checkout/", {**ADDRESS, field: text}, **KEY)
    assert response.status_code == 400, response.content
    assert {name for name, _ in errors(response)} == {field}


@pytest.mark.parametrize("cookie", ["ps_client", "sessionid", "csrftoken"])
@pytest.mark.parametrize("value", ["", "x", "a" * 5000, "🙂".encode().decode("latin-1"), "%00", "'; --"])
def test_broken_cookies_are_a_new_visitors(shopper: Shopper, mug: int, cookie: str, value: str) -> None:
    shopper.cookies[cookie] = value
    for path in ("search/?q=mug", "cart/", "account/", "orders/"):
        assert shopper.get(f"/api/{path}").status_code == 200


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*", "x", "", "application/json;q=zzz"])
def test_answers_are_json_whatever_is_accepted_or_a_406(shopper: Shopper, db: None, accept: str) -> None:
    response = shopper.get("/api/home/", headers={"Accept": accept})
    assert response["Content-Type"] == "application/json"
    assert response.status_code in {200, 406}
