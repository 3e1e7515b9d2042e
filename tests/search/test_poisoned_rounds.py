"""What one client can do to what the store learns: it is one voice, and changes no decision."""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from search import click_data, versions
from search.clean_log import QUERIES_A_PRODUCT
from search.click_model import ClickModel
from search.export import checksum, export_encoder
from search.gate import bare, compare, decide
from search.index import embed_stale_products, embed_version
from search.judged_queries import ensure_forgetting_set
from search.models import EncoderVersion
from search.shopper_needs import Need, with_popularity
from search.simulation import first_page, poison, simulate_log
from search.slices import make_slices
from search.training_pairs import TrainingPair, training_pairs
from shop.catalog.models import Product
from tests.search.small_model import save_model
from tests.search.small_store import ASKED_AS, judge, make_store

START, END = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 29, tzinfo=UTC)  # fixed: they seed the shoppers

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def products(tmp_path: Path, settings: Any, exported_encoder: Path) -> Iterator[list[Product]]:
    """Found by the real encoder, "real", and, as a challenger, by one that has learned nothing, "weak"."""
    settings.ENCODER_DIR = tmp_path
    versions.forget()
    shutil.copytree(exported_encoder, tmp_path / "real")
    export_encoder(save_model(tmp_path, width=384), tmp_path / "weak", dimensions=384)
    made = make_store()
    judge(made)
    for name in ("real", "weak"):
        version = EncoderVersion.objects.create(
            name=name, path=name, checksum=checksum(tmp_path / name / "model.onnx"), is_active=name == "real"
        )
        if name == "real":
            embed_stale_products()
        else:
            embed_version(version)
    ensure_forgetting_set()
    yield made
    versions.forget()


def promoted() -> tuple[bool, bool]:
    """Whether the better version would take over from the worse one, and the other way round."""
    train_until = END - timedelta(weeks=1)
    propensities = click_data.current()
    training = click_data.read_clicks(START, train_until, propensities=propensities)
    slices = make_slices(click_data.read_clicks(train_until, END, propensities=propensities), training)
    real, weak = (bare(EncoderVersion.objects.get(name=name).pk) for name in ("real", "weak"))
    return decide(compare(weak, real, slices)).promote, decide(compare(real, weak, slices)).promote


def pairs() -> list[TrainingPair]:
    return training_pairs(click_data.read_clicks(START, END, propensities=click_data.current()))


def attack(queries: list[str], product_id: int, times: int) -> list[TrainingPair]:
    """What there is to train on after one client searched each query so often, and always clicked and carted that
    product; the log is as before then."""
    with transaction.atomic():
        written = poison(queries, product_id, searches_a_query=times, start=START, end=END, seed=3)
        assert written.clicks == times * len(queries)
        found = pairs()
        transaction.set_rollback(True)
    return found


def test_one_client_counts_once_however_often_it_clicks_and_changes_no_decision(products: list[Product]) -> None:
    kinds = {kind: {p.pk: 3 for p in products if p.product_type == kind} for kind in ASKED_AS}
    needs = with_popularity([Need(query, kinds[kind]) for kind, query in ASKED_AS.items()], seed=1)
    simulate_log(needs, 1500, click_model=ClickModel(), start=START, end=END, seed=2)
    assert promoted() == (True, False)
    before = pairs()

    shown = {need.query: first_page(need.query).product_ids for need in needs}
    wrong = [pk for need in needs for pk in shown[need.query] if pk not in need.grades]
    (attacked, _), *_ = Counter(wrong).most_common()  # the product that is on most pages
    queries = [query for query in shown if attacked in shown[query]]
    assert 3 <= len(queries) <= QUERIES_A_PRODUCT
    once = attack(queries, attacked, times=1)
    assert once != before  # one voice among others is heard
    assert attack(queries, attacked, times=20) == once
    assert {pair for pair in _named(once) if pair not in _named(before)} <= {(query, attacked) for query in queries}

    poison(shown, attacked, start=START, end=END, seed=3)
    assert promoted() == (True, False)


def _named(found: list[TrainingPair]) -> set[tuple[str, int]]:
    return {(pair.query, pair.product_id) for pair in found}
