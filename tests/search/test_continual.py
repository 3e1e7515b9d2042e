"""Weeks of learning: what is asked when, what a store forgets that learns nothing, and the command with real rounds."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from search.catalogue_needs import needs_from_catalogue
from search.continual import (
    EARLIER,
    FORGETTING,
    GROUPS,
    NEW,
    THIS_WEEK,
    Change,
    Week,
    WeekFailed,
    WeeksReport,
    evaluate_weeks,
)
from search.evaluation_files import own_encoder_files
from search.index import embed_stale_products
from search.learning_models import ClickMemory, TrainingRound
from search.metrics import Interval
from search.models import EncoderVersion, SearchQuery
from shop.catalog.models import Product
from shop.learn.demo_catalogue import load_demo
from shop.management.commands.evaluate_weeks import as_json, as_text
from tests.catalogue import make_product

KINDS = "kettle mug laptop phone chair desk lamp sofa tent".split()
COLORS = "red blue green black white grey".split()


def described(kind: str, color: str) -> dict[str, Any]:
    brand = "Nordvik" if color in COLORS[:3] else "Tavio"
    return {"title": f"{brand} {color} {kind}", "brand": brand, "product_type": kind, "attributes": {"color": color}}


@pytest.fixture
def catalogue(active_encoder_version: EncoderVersion) -> EncoderVersion:
    """54 products in 9 kinds, embedded under the real encoder."""
    for kind in KINDS:
        for color in COLORS:
            make_product(**described(kind, color))
    embed_stale_products()
    return active_encoder_version


def nothing_learned(until: datetime) -> TrainingRound:
    return TrainingRound.objects.create(stage=TrainingRound.Stage.SKIPPED, message="Rest.", finished_at=until)


def simulated(*, learn: Callable[[datetime], TrainingRound | None] = nothing_learned, weeks: int = 3) -> WeeksReport:
    return evaluate_weeks(needs_from_catalogue(40), weeks=weeks, sessions=60, seed=1, learn=learn)


@pytest.mark.django_db
def test_a_store_that_learns_nothing_forgets_nothing_and_gains_nothing(catalogue: EncoderVersion) -> None:
    report = simulated()
    assert [week.number for week in report.weeks] == [1, 2, 3]
    for week in report.weeks:
        assert (week.sessions, week.decision, week.is_promoted, week.version) == (60, "Rest.", False, catalogue.name)
        assert {change.difference for change in week.groups.values()} == {Interval(0.0, 0.0, 0.0)}
        assert all(change.first == change.live for change in week.groups.values())
    assert (report.largest_loss, report.least_gain, report.remembers, report.gains) == (0.0, 0.0, True, False)


@pytest.mark.django_db
def test_each_query_is_new_once_and_was_asked_before_from_then_on(catalogue: EncoderVersion) -> None:
    seen: list[set[str]] = []

    def learn(until: datetime) -> TrainingRound:
        seen.append(set(SearchQuery.objects.values_list("query", flat=True)))
        return nothing_learned(until)

    first, second, third = simulated(learn=learn).weeks
    sizes = [{name: change.queries for name, change in week.groups.items()} for week in (first, second, third)]
    assert EARLIER not in sizes[0]
    assert sizes[0][NEW] == sizes[0][THIS_WEEK] == len(seen[0])
    assert [size[EARLIER] for size in sizes[1:]] == [len(seen[0]), len(seen[1])]
    assert [size.get(NEW, 0) for size in sizes[1:]] == [len(seen[1] - seen[0]), len(seen[2] - seen[1])]
    assert len({size[FORGETTING] for size in sizes}) == 1


@pytest.mark.django_db
def test_each_week_is_searched_in_its_time_and_learned_at_its_end(catalogue: EncoderVersion) -> None:
    began, ends = timezone.now(), list[datetime]()

    def learn(until: datetime) -> TrainingRound:
        ends.append(until)
        times = SearchQuery.objects.order_by("created_at").values_list("created_at", flat=True)
        assert Counter((until - at).days // 7 for at in times) == dict.fromkeys(range(len(ends)), 60)
        return nothing_learned(until)

    simulated(learn=learn)
    assert [(ends[-1] - end).days for end in ends] == [14, 7, 0]
    assert began <= ends[-1] <= timezone.now()


@pytest.mark.django_db
def test_the_database_is_as_before_when_the_weeks_are_over(catalogue: EncoderVersion) -> None:
    simulated(weeks=1)
    assert not SearchQuery.objects.exists()
    assert not ClickMemory.objects.exists()
    assert not TrainingRound.objects.exists()
    assert EncoderVersion.objects.get() == catalogue


@pytest.mark.django_db
def test_a_round_that_fails_ends_the_evaluation(catalogue: EncoderVersion) -> None:
    def fail(until: datetime) -> TrainingRound:
        return TrainingRound.objects.create(stage=TrainingRound.Stage.FAILED, message="Full.", finished_at=until)

    with pytest.raises(WeekFailed, match=r"^Full\.$"):
        simulated(learn=fail)
    with pytest.raises(WeekFailed, match="Another process"):
        simulated(learn=lambda until: None)


@pytest.mark.django_db
def test_a_catalogue_without_a_forgetting_set_is_refused(active_encoder_version: EncoderVersion) -> None:
    make_product("Red lamp", product_type="lamp")
    with pytest.raises(WeekFailed, match="too small for a forgetting set"):
        simulated()


def week(number: int, forgetting: float, new: float | None) -> Week:
    def change(mean: float) -> Change:
        return Change(9, Interval(0.5, 0.4, 0.6), Interval(0.5 + mean, 0.4, 0.6), Interval(mean, mean, mean))

    groups = {FORGETTING: change(forgetting), **({} if new is None else {NEW: change(new)})}
    sight = None if new is None else change(new - 0.01)
    return Week(number, 60, 90, "Promoted.", True, f"v{number}", {"clicks": 3}, groups, sight)


def test_the_largest_loss_and_the_least_gain_decide() -> None:
    fine = WeeksReport((week(1, 0.02, 0.01), week(2, -0.009, 0.03), week(3, 0.0, None)))
    assert (fine.largest_loss, fine.least_gain, fine.remembers, fine.gains) == (0.009, 0.01, True, True)
    bad = WeeksReport((week(1, -0.011, 0.01), week(2, 0.0, 0.0)))
    assert (bad.largest_loss, bad.least_gain, bad.remembers, bad.gains) == (0.011, 0.0, False, False)
    none = WeeksReport((week(1, 0.0, None),))
    assert (none.largest_loss, none.least_gain, none.gains) == (0.0, None, False)


def test_the_table_has_a_line_for_each_week_and_says_whether_the_bars_are_met() -> None:
    said = as_text(WeeksReport((week(1, 0.02, 0.01), week(2, -0.009, 0.03)))).splitlines()
    rows = [line for line in said if line[:4].strip().isdigit()]
    assert [" ".join(row.split()) for row in rows] == [
        "1 yes 0.520 +0.020 [+0.020, +0.020] 9 - 0.510 +0.010 [+0.010, +0.010] 9 -",
        "2 yes 0.491 -0.009 [-0.009, -0.009] 9 - 0.530 +0.030 [+0.030, +0.030] 9 -",
    ]
    assert said[-3:] == [
        "Forgetting: the largest loss on the forgetting set was 0.0090, not more than 0.01.",
        "New queries: the least difference was +0.0100, a gain in each week.",
        "By the version that was live when they were asked: +0.000 (week 1), +0.020 (week 2).",
    ]


def test_json_has_what_the_table_has() -> None:
    found = as_json(WeeksReport((week(1, -0.02, None),)))
    verdict = {name: found[name] for name in ("largest_loss", "remembers", "least_gain", "gains")}
    assert verdict == {"largest_loss": 0.02, "remembers": False, "least_gain": None, "gains": False}
    assert found["weeks"][0]["groups"][FORGETTING]["difference"] == {"mean": -0.02, "ci95": [-0.02, -0.02]}


@pytest.mark.django_db
def test_a_databases_own_encoder_files_begin_with_the_first_version_and_go(
    active_encoder_version: EncoderVersion, tmp_path: Path, settings: Any
) -> None:
    shared = tmp_path / "encoders"
    (shared / active_encoder_version.path).mkdir(parents=True)
    (shared / active_encoder_version.path / "model.onnx").write_text("weights")
    (shared / "rounds" / "1").mkdir(parents=True)
    settings.ENCODER_DIR = shared
    with own_encoder_files("store_eval_1") as own:
        assert own == settings.ENCODER_DIR
        assert (own / active_encoder_version.path / "model.onnx").read_text() == "weights"
        assert not (own / "rounds").exists()
        (own / "rounds" / "1" / "weights").mkdir(parents=True)
    assert shared == settings.ENCODER_DIR
    assert not own.exists()
    assert list((shared / "rounds" / "1").iterdir()) == []
    assert (shared / active_encoder_version.path / "model.onnx").read_text() == "weights"


@pytest.mark.django_db
def test_the_demo_catalogue_is_loaded_without_pictures_and_files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    load_demo()
    assert Product.objects.count() > 2000
    assert not Product.objects.filter(category=None).exists()
    assert not Product.objects.filter(images__isnull=False).exists()
    assert not (tmp_path / "media").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weeks": 0}, "--weeks is 0; it must be at least 1"),
        ({"sessions": 0}, "--sessions is 0"),
        ({"seed": -1}, "--seed is -1; it must be at least 0"),
        ({"steps": 0}, "steps is 0"),
        ({"average": 0.0}, "average is 0.0; it must be above 0"),
        ({"products": Path("nowhere.jsonl")}, r"nowhere\.jsonl cannot be read"),
    ],
)
def test_bad_options_are_refused_with_a_sentence(
    options: dict[str, Any], message: str, databases: Callable[[], list[str]]
) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("evaluate_weeks", **options)
    assert databases() == []


@pytest.mark.slow
def test_two_weeks_of_real_rounds_in_a_database_of_their_own(
    databases: Callable[[], list[str]], tmp_path: Path, settings: Any, exported_encoder: Path
) -> None:
    settings.ENCODER_DIR = tmp_path / "encoders"
    settings.ENCODER_DIR.mkdir()
    (settings.ENCODER_DIR / exported_encoder.name).symlink_to(exported_encoder)
    rows = [{"id": f"{k}-{c}", "price": "9.99", "quantity": 5, **described(k, c)} for k in KINDS for c in COLORS]
    feed = tmp_path / "products.jsonl"
    feed.write_text("".join(json.dumps(row) + "\n" for row in rows))
    own, said = connection.settings_dict["NAME"], StringIO()
    call_command(
        "evaluate_weeks", products=feed, weeks=2, sessions=150, steps=2, needs=30, json=True, stdout=said,
        stderr=StringIO(),
    )  # fmt: skip
    weeks = json.loads(said.getvalue())["weeks"]
    assert [week["sessions"] for week in weeks] == [150, 150]
    for week in weeks:
        assert week["decision"].startswith(("Promoted: ", "Not promoted: "))
        assert week["examples"]["clicks"] > 0
        assert set(week["groups"]) <= set(GROUPS)
    assert weeks[1]["groups"][EARLIER]["queries"] == weeks[0]["groups"][THIS_WEEK]["queries"]
    assert connection.settings_dict["NAME"] == databases()[0] != own
    assert sorted(path.name for path in settings.ENCODER_DIR.iterdir()) == [exported_encoder.name, "evaluation"]
    assert list((settings.ENCODER_DIR / "evaluation").iterdir()) == []
