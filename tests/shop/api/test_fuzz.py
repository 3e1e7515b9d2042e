"""Every operation of the OpenAPI schema with generated requests, good and bad, with and without a session.

No answer may be a 500, and each must be as the schema says: status, content type and body. Schemathesis sends the
edges of every parameter first and random requests after that, the same ones each run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import positive_data_acceptance
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig

from search.index import embed_stale_products
from search.models import FacetKey
from tests.catalogue import add_picture, make_category, make_product
from tests.shop.api.conftest import Shopper
from tests.shop.api.test_checkout import ADDRESS, KEY

EXAMPLES = 25  # of each operation, for each of the two: a minute in all

schema = schemathesis.openapi.from_wsgi(
    "/api/schema/",
    get_wsgi_application(),
    config=SchemathesisConfig(
        projects=ProjectsConfig(
            default=ProjectConfig(generation=GenerationConfig(max_examples=EXAMPLES, deterministic=True))
        )
    ),
)


@pytest.fixture
def known(db: None, shopper: Shopper) -> dict[str, Any]:
    """What there is, by the names of parameters; and the cookies and token of a session with a cart and an order."""
    lamps = make_category("lamps", translations={"zh": {"name": "灯具"}})
    FacetKey.objects.create(key="color")
    products = [
        make_product(f"Lamp {number}", category=lamps, brand="Lumen", attributes={"color": "red"}, stock=10**6)
        for number in range(3)
    ]
    add_picture(products[0], "a" * 32)
    embed_stale_products()
    shopper.send("post", "/api/cart/items/", {"product_id": products[0].pk})
    order = shopper.send("post", "/api/checkout/", ADDRESS, **KEY).json()
    cart = shopper.send("post", "/api/cart/items/", {"product_id": products[1].pk}).json()
    return {
        "product_id": products[0].pk, "item_id": cart["items"][0]["id"], "number": order["number"],
        "category": "lamps", "ids": f"{products[0].pk},{products[2].pk}", "page": 1,
    }  # fmt: skip


@contextmanager
def rolled_back() -> Iterator[None]:
    """A request in a transaction that is undone, so that each finds what the one before it found."""
    signals = (request_started, request_finished)
    for signal in signals:  # as Django's test client does: the connection is the test's
        signal.disconnect(close_old_connections)
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def use_known(case: schemathesis.Case, known: dict[str, Any]) -> None:
    """Names things that exist in every other request, so that more than refusals is tested."""
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, dict) and len(str(part)) % 2:
            part.update({name: value for name, value in known.items() if name in part})


@pytest.mark.slow
@pytest.mark.parametrize("who", ["visitor", "shopper"])
@schema.parametrize()
@settings(suppress_health_check=list(HealthCheck), deadline=None)
def test_every_answer_is_as_the_schema_says(
    case: schemathesis.Case, who: str, known: dict[str, Any], shopper: Client
) -> None:
    if case.meta is None or case.meta.generation.mode.is_positive:
        use_known(case, known)
    options: dict[str, Any] = {"headers": {"Accept-Encoding": "identity"}}  # WSGI in one process unpacks nothing
    if who == "shopper":
        options["cookies"] = {name: morsel.value for name, morsel in shopper.cookies.items()}
        options["headers"]["X-CSRFToken"] = shopper.cookies["csrftoken"].value
    with rolled_back():
        case.call_and_validate(excluded_checks=[positive_data_acceptance], **options)
