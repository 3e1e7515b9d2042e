"""Encoder versions in the admin: the report of the gate, promotion and rollback, and who may."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from search.admin.gate_report import card_rows, gate_report
from search.admin.slice_chart import slice_chart
from search.comparison import Comparison, QueryResult, Side, SliceResult, TopHit, record
from search.export import checksum
from search.gate import bare, decide
from search.index import embed_version
from search.learning_models import ClickMemory, JudgedQuery, LearnedRanker, PositionBias, QueryAdapter, TrainingRound
from search.metrics import Interval
from search.models import EncoderVersion
from search.slices import FORGETTING, MAIN, NATURAL
from shop.catalog.models import Product
from tests.catalogue import make_product
from tests.merchant import Merchant, messages, staff_who_may
from tests.search.search_log import ago
from tests.search.vectors import axis, give_vectors, make_version

pytestmark = pytest.mark.django_db
VERSIONS = "/admin/search/encoderversion/"
ROUNDS = "/admin/search/traininground/"


@pytest.fixture
def merchant(db: None) -> Merchant:
    return Merchant()


@pytest.fixture
def active() -> EncoderVersion:
    return make_version("old", is_active=True, activated_at=ago(3))


@pytest.fixture
def lamps() -> list[Product]:
    return [make_product("Desk lamp"), make_product("Floor lamp")]


def a_slice(name: str, queries: int, mean: float, low: float, high: float, worse: float = 0.0) -> SliceResult:
    old, new = Interval(0.5, 0.4, 0.6), Interval(0.5 + mean, 0.4 + mean, 0.6 + mean)
    return SliceResult(name, -0.02, queries, old, new, Interval(mean, low, high), worse)


def a_comparison(lamps: list[Product], *slices: SliceResult) -> Comparison:
    first, second = (TopHit(lamp.pk, lamp.title, grade) for lamp, grade in zip(lamps, (3, 0), strict=True))
    won = QueryResult("reading lamp", MAIN, 0.25, 0.75, (second, first), (first, second))
    return Comparison(Side("old", bare(1)), Side("new", bare(2)), slices, (won,), ())


@pytest.fixture
def compared(active: EncoderVersion, lamps: list[Product]) -> EncoderVersion:
    """A challenger that is better, but not for natural language."""
    found = a_comparison(
        lamps, a_slice(MAIN, 60, 0.1, 0.05, 0.15), a_slice(NATURAL, 20, -0.1, -0.2, -0.01, 0.98),
        a_slice(FORGETTING, 4, 0.0, 0.0, 0.0),
    )  # fmt: skip
    card = {"pairs": 12345, "window": {"from": "2026-01-01", "to": "2026-02-01"}, "losses": [0.5, 0.25], "notes": None}
    return make_version("new", card=card, gate=record(found, decide(found)), parent=active)


def history(version: EncoderVersion) -> list[tuple[str, str]]:
    found = LogEntry.objects.filter(object_id=str(version.pk)).order_by("id").select_related("user")
    return [(entry.user.username, entry.get_change_message()) for entry in found]


@pytest.fixture
def real_files(compared: EncoderVersion, tmp_path: Path, settings: Any, exported_encoder: Path) -> None:
    """Both versions with the real encoder's files, and their products embedded, so that either can be active."""
    settings.ENCODER_DIR = tmp_path
    for version in EncoderVersion.objects.all():
        shutil.copytree(exported_encoder, tmp_path / version.name)
        digest = checksum(exported_encoder / "model.onnx")
        EncoderVersion.objects.filter(pk=version.pk).update(path=version.name, checksum=digest)
        version.refresh_from_db()
        embed_version(version)


def active_name() -> str:
    return EncoderVersion.objects.get(is_active=True).name


def shown_actions(page: Any) -> list[str]:
    return [found["title"] for found in page.context["actions_detail"]]


def test_the_list_says_how_each_version_stands(merchant: Merchant, compared: EncoderVersion) -> None:
    make_version("before", activated_at=ago(9))
    page = merchant.get(VERSIONS)
    versions = {row.name: row for row in page.context["cl"].result_list}
    admin = page.context["cl"].model_admin
    assert {name: admin.state(row) for name, row in versions.items()} == {
        "old": "active", "new": "inactive", "before": "previous",
    }  # fmt: skip
    assert {name: admin.decision(row) for name, row in versions.items()} == {
        "old": "not compared", "new": "refused", "before": "not compared",
    }  # fmt: skip


def test_a_version_tells_what_decided_about_it(merchant: Merchant, compared: EncoderVersion) -> None:
    page = merchant.get(f"{VERSIONS}{compared.pk}/change/")
    report, text = page.context["report"], page.content.decode()
    assert report.decision.reason in text.replace("&#x27;", "'")
    assert report.notes == ("", "lost", "too few")
    for words in ("reading lamp", "Desk lamp", "0.25 → 0.75", "-0.200 to -0.010", "12,345", "window · from"):
        assert words in text
    assert f"/admin/catalog/product/{report.comparison.wins[0].active_top[0].product_id}/change/" in text
    drawn = text[text.index("<svg class=\"slice-chart\"") : text.index("</svg>", text.index("slice-chart"))]
    assert drawn.count("<circle") == 3
    assert "http" not in drawn


def test_a_version_that_was_not_compared_says_so(merchant: Merchant, active: EncoderVersion) -> None:
    text = merchant.get(f"{VERSIONS}{active.pk}/change/").content.decode()
    assert "was not compared with another one yet" in text
    assert "It was not trained here" in text
    assert gate_report({"comparison": {"written": "otherwise"}}) is None


def test_how_far_embedding_is(merchant: Merchant, active: EncoderVersion, lamps: list[Product]) -> None:
    give_vectors(lamps[:1], axis(1.0)[None, :], active)
    make_product("Switched off", is_active=False)
    page = merchant.get(f"{VERSIONS}{active.pk}/change/").content.decode()
    assert '<progress value="0.500"></progress>1 of 2' in page


def test_the_chart_has_one_scale_for_all_slices() -> None:
    chart = slice_chart([a_slice(MAIN, 60, 0.1, 0.05, 0.15), a_slice(FORGETTING, 0, 0, 0, 0)], [])
    (row,) = chart.rows
    assert (row.active.mean, row.challenger.mean, row.challenger.text) == (370.0, 406.0, "0.600")
    assert (chart.zero, row.difference.high, row.difference.mean, row.allowance) == (790.0, 940.0, 890.0, 770.0)
    assert (row.state, row.difference.text) == ("better", "+0.100")


def test_a_model_card_is_flat() -> None:
    window = {"days": {"held out": 7}}
    card = {"pairs": 1200, "window": window, "rate": 2e-05, "seen": True, "by": ["a", 0.5], "x": None}
    assert list(card_rows(card)) == [
        ("pairs", "1,200"), ("window · days · held out", "7"), ("rate", "2e-05"), ("seen", "yes"), ("by", "a, 0.5"),
        ("x", "–"),
    ]  # fmt: skip


@pytest.mark.usefixtures("real_files")
def test_promoting_asks_first_and_warns(merchant: Merchant, compared: EncoderVersion) -> None:
    assert shown_actions(merchant.get(f"{VERSIONS}{compared.pk}/change/")) == ["Promote"]
    page = merchant.get(f"{VERSIONS}{compared.pk}/promote/")
    assert "“natural language” lost 0.100 over 20 queries" in page.content.decode()
    assert active_name() == "old"
    done = merchant.post(f"{VERSIONS}{compared.pk}/promote/", follow=True)
    assert messages(done) == ["Promote: active version: old → new"]
    assert active_name() == "new"
    assert history(compared) == [("merchant", "Promote: active version: old → new")]


def test_a_version_without_files_is_not_promoted(merchant: Merchant, compared: EncoderVersion) -> None:
    done = merchant.post(f"{VERSIONS}{compared.pk}/promote/", follow=True)
    assert len(messages(done)) == 1
    assert "model.onnx cannot be read (No such file or directory); export new again." in messages(done)[0]
    assert (active_name(), history(compared)) == ("old", [])


def test_what_passed_the_gate_is_promoted_without_a_warning(
    merchant: Merchant, active: EncoderVersion, lamps: list[Product]
) -> None:
    found = a_comparison(lamps, a_slice(MAIN, 60, 0.1, 0.05, 0.15))
    better = make_version("better", gate=record(found, decide(found)))
    assert 'role="alert"' not in merchant.get(f"{VERSIONS}{better.pk}/promote/").content.decode()
    unknown = make_version("unknown")
    assert "It was never compared" in merchant.get(f"{VERSIONS}{unknown.pk}/promote/").content.decode()


def test_a_refused_promotion_changes_nothing(merchant: Merchant, active: EncoderVersion) -> None:
    done = merchant.post(f"{VERSIONS}{active.pk}/promote/", follow=True)
    assert messages(done) == ["old is active already."]
    assert (active_name(), history(active)) == ("old", [])


@pytest.mark.usefixtures("real_files")
def test_rolling_back(merchant: Merchant, compared: EncoderVersion) -> None:
    old = EncoderVersion.objects.get(name="old")
    merchant.post(f"{VERSIONS}{compared.pk}/promote/")
    assert shown_actions(merchant.get(f"{VERSIONS}{compared.pk}/change/")) == []
    assert shown_actions(merchant.get(f"{VERSIONS}{old.pk}/change/")) == ["Roll back to this version"]
    assert "Roll back to old?" in merchant.get(f"{VERSIONS}{old.pk}/roll-back/").content.decode()
    assert active_name() == "new"
    done = merchant.post(f"{VERSIONS}{old.pk}/roll-back/", follow=True)
    assert messages(done) == ["Roll back: active version: new → old"]
    assert active_name() == "old"
    assert history(old) == [("merchant", "Roll back: active version: new → old")]


def test_rolling_back_without_a_version_before(merchant: Merchant, active: EncoderVersion) -> None:
    done = merchant.post(f"{VERSIONS}{active.pk}/roll-back/", follow=True)
    assert messages(done) == ["There is no version to roll back to."]
    assert history(active) == []


def queued() -> list[str]:
    """The tasks that wait in the broker's folder."""
    folder = Path(settings.BROKER_DIR)
    found = [json.loads(path.read_text()) for path in sorted(folder.glob("*.msg"))] if folder.exists() else []
    return [message["headers"]["task"] for message in found]


def test_retraining_is_queued(merchant: Merchant, active: EncoderVersion) -> None:
    before = queued().count("retrain_encoder")
    assert "Retrain the encoder now?" in merchant.get(f"{VERSIONS}retrain/").content.decode()
    assert queued().count("retrain_encoder") == before
    done = merchant.post(f"{VERSIONS}retrain/", follow=True)
    assert done.redirect_chain[-1][0] == ROUNDS
    assert messages(done) == ["A round of learning is queued; a worker begins it within a minute."]
    assert queued().count("retrain_encoder") == before + 1


def test_a_round_that_is_under_way_is_not_begun_again(merchant: Merchant) -> None:
    TrainingRound.objects.create(stage="training")
    before = len(queued())
    (said,) = messages(merchant.post(f"{VERSIONS}retrain/", follow=True))
    assert said.startswith("A round is under way since")
    assert said.endswith(": training.")
    assert len(queued()) == before


def test_rounds_show_how_far_they_are(merchant: Merchant, active: EncoderVersion) -> None:
    TrainingRound.objects.create(stage="refused", message="Not better.", finished_at=timezone.now(), challenger=active)
    now = TrainingRound.objects.create(stage="embedding", progress=0.4, parameters={"steps": 60})
    text = merchant.get(ROUNDS).content.decode()
    for words in ('value="0.400"></progress>40%', 'value="1.000"></progress>100%', "Not better.", "embedding products"):
        assert words in text
    assert "<b>steps</b>60" in merchant.get(f"{ROUNDS}{now.pk}/change/").content.decode()


def test_what_was_learned_can_be_looked_at(
    merchant: Merchant, active: EncoderVersion, lamps: list[Product], django_assert_max_num_queries: Any
) -> None:
    made: list[tuple[str, Any, list[str]]] = [
        ("judgedquery", JudgedQuery.objects.create(
            source="human", query="lamp", grades={str(lamps[0].pk): 2, str(lamps[1].pk): 3, "999999": 1}
        ), ["<b>grade 3</b>Floor lamp", "<b>grade 2</b>Desk lamp", "<b>grade 1</b>product 999999, deleted"]),
        ("clickmemory", ClickMemory.objects.create(
            query="lamp", product_ids=[lamps[0].pk], lifts=[-0.25], updated_at=timezone.now()
        ), ["<b>-0.25</b>Desk lamp"]),
        ("queryadapter", QueryAdapter.objects.create(
            version=active, rank=2, down=b"", up=b"", card={"queries": 7}, gate={"decision": {"reason": "Better."}}
        ), ["<b>queries</b>7", "Better."]),
        ("learnedranker", LearnedRanker.objects.create(
            version=active, features=["brand", "in_stock"], weights=[0.25, -1.5], product_ids=[], lifts=[],
            card={"queries": 7}, gate={"decision": {"reason": "Better."}},
        ), ["<b>-1.500</b>in stock", "<b>+0.250</b>brand", "<b>queries</b>7", "Better."]),
        ("positionbias", PositionBias.objects.create(propensities=[1.0, 0.5], method="em", searches=900),
         ["<b>2</b>", 'value="0.500"></progress>0.50']),
    ]  # fmt: skip
    for model, found, words in made:
        assert list(merchant.get(f"/admin/search/{model}/").context["cl"].result_list) == [found]
        with django_assert_max_num_queries(10):
            text = merchant.get(f"/admin/search/{model}/{found.pk}/change/").content.decode()
        assert [word for word in words if word not in text] == []
        assert merchant.post(f"/admin/search/{model}/{found.pk}/delete/", {"post": "yes"}).status_code == 403


MODELS = (
    "encoderversion", "traininground", "judgedquery", "clickmemory", "queryadapter", "learnedranker", "positionbias",
)  # fmt: skip


def test_the_sidebar_leads_to_all_of_them(merchant: Merchant) -> None:
    page = merchant.get("/admin/").content.decode()
    assert [model for model in MODELS if f'href="/admin/search/{model}/"' not in page] == []


def test_staff_who_may_look_may_not_change(compared: EncoderVersion) -> None:
    clerk = Client()
    clerk.force_login(staff_who_may("view_encoderversion", "view_traininground"))
    page = clerk.get(f"{VERSIONS}{compared.pk}/change/")
    assert (page.status_code, shown_actions(page)) == (200, [])
    assert "Retrain now" not in clerk.get(VERSIONS).content.decode()
    paths = [f"{VERSIONS}{compared.pk}/promote/", f"{VERSIONS}{compared.pk}/roll-back/", f"{VERSIONS}retrain/"]
    assert [clerk.get(path).status_code for path in paths] == [403] * 3
    assert [clerk.post(path).status_code for path in paths] == [403] * 3
    assert active_name() == "old"


def test_staff_without_permissions_and_shoppers_see_nothing(compared: EncoderVersion) -> None:
    clerk = Client()
    clerk.force_login(staff_who_may("view_order"))
    paths = [f"/admin/search/{model}/" for model in MODELS]
    assert [clerk.get(path).status_code for path in paths] == [403] * len(paths)
    assert not any(path in clerk.get("/admin/").content.decode() for path in paths)
    assert [Client().get(path).status_code for path in (*paths, f"{VERSIONS}retrain/")] == [302] * (len(paths) + 1)


@pytest.mark.parametrize("object_id", ["999999", "x"])
def test_a_version_that_is_not_there(merchant: Merchant, object_id: str) -> None:
    assert merchant.get(f"{VERSIONS}{object_id}/promote/").status_code == 404
    assert merchant.get(f"{VERSIONS}{object_id}/change/").status_code in (302, 404)
