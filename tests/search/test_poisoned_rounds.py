"""What one client can do to what the store learns: a pair of a query that hardly anybody asks, and no decision."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from search import click_data, versions
from search.click_model import ClickModel
from search.export import checksum, export_encoder
from search.gate import bare, compare, decide
from search.index import embed_stale_products, embed_version
from search.judged_queries import ensure_forgetting_set
from search.models import EncoderVersion
from search.shopper_needs import Need, with_popularity
from search.simulation import first_page, poison, simulate_log
from search.slices import make_slices
from search.training_pairs import THIN, training_pairs
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


@dataclass(frozen=True)
class Learned:
    """Clicks of each query, what there is to train on, and which version is promoted when the other one is active."""

    clicks: Counter[str]
    pairs: dict[tuple[str, int], float]
    promoted: tuple[bool, ...]


def learned() -> Learned:
    train_until = END - timedelta(weeks=1)
    propensities = click_data.current()
    training = click_data.read_clicks(START, train_until, propensities=propensities)
    held_out = click_data.read_clicks(train_until, END, propensities=propensities)
    slices = make_slices(held_out, training)
    real, weak = (bare(EncoderVersion.objects.get(name=name).pk) for name in ("real", "weak"))
    pairs = training_pairs(training)
    return Learned(
        Counter({query: sum(row.clicked for row in training if row.query == query) for query in ASKED_AS.values()}),
        {(pair.query, pair.product_id): pair.weight for pair in pairs},
        tuple(decide(compare(*sides, slices)).promote for sides in ((weak, real), (real, weak))),
    )


def test_clicks_of_one_client_change_no_decision_and_no_pairs_of_usual_queries(products: list[Product]) -> None:
    """It searches each query twenty times and always clicks and carts the product that is on most pages."""
    kinds = {kind: {p.pk: 3 for p in products if p.product_type == kind} for kind in ASKED_AS}
    needs = with_popularity([Need(query, kinds[kind]) for kind, query in ASKED_AS.items()], seed=1)
    simulate_log(needs, 1500, click_model=ClickModel(), start=START, end=END, seed=2)
    before = learned()

    shown = {need.query: first_page(need.query).product_ids for need in needs}
    wrong = [pk for need in needs for pk in shown[need.query] if pk not in need.grades]
    (attacked, pages), *_ = Counter(wrong).most_common()
    assert pages >= 3  # pages are short: what is too far from a query is not shown
    poison(shown, attacked, start=START, end=END, seed=3)
    after = learned()

    assert before.promoted == after.promoted == (True, False)
    asked = {query for query, clicks in before.clicks.items() if clicks >= THIN}
    assert len(asked) > 15
    assert before.pairs.keys() <= after.pairs.keys()
    assert not {query for query, _ in after.pairs.keys() - before.pairs.keys()} & asked
    for pair, weight in before.pairs.items():
        assert after.pairs[pair] == pytest.approx(weight, rel=0.1)
