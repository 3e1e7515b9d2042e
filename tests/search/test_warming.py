"""A process that has loaded what search needs before anybody searches."""

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from search import product_kinds, warming
from search.index import embed_stale_products
from search.models import EncoderVersion, SearchQuery
from search.pipeline import search_products
from tests.catalogue import make_product


@pytest.mark.django_db(transaction=True)
def test_the_first_search_reads_no_kinds_any_more_and_nothing_is_logged(
    active_encoder_version: EncoderVersion,
) -> None:
    make_product("Kettle")
    embed_stale_products()
    product_kinds.forget()
    warming.warm_in_background().join()
    with CaptureQueriesContext(connection) as asked:
        assert search_products("kettle").total == 1
    assert not [query["sql"] for query in asked if "productkinds" in query["sql"]]
    assert not SearchQuery.objects.exists()


def test_a_database_that_is_away_is_the_first_search_s_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **options: object) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(warming, "search_products", away)
    warming.warm()
