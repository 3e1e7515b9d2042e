"""Online tests in the admin: two versions are chosen by their names, and the result is told in plain words."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from search.admin.online_result import described, numbers, shown_p, verdict
from search.index import embed_stale_products
from search.interleave import Result
from search.interleaving import running_test
from search.learning_models import OnlineTest
from search.models import EncoderVersion
from search.variants import ADAPTER, LIVE, MEMORY, RANKER, Variant
from tests.catalogue import make_product
from tests.merchant import Merchant, form_errors, messages, staff_who_may
from tests.search.search_log import did, searched

pytestmark = pytest.mark.django_db
TESTS = "/admin/search/onlinetest/"


@pytest.fixture
def merchant(db: None) -> Merchant:
    return Merchant()


@pytest.fixture
def challenger(active_encoder_version: EncoderVersion) -> EncoderVersion:
    return EncoderVersion.objects.create(name="challenger", path=active_encoder_version.path, checksum="challenger")


@pytest.fixture
def made(active_encoder_version: EncoderVersion) -> OnlineTest:
    return make_test("Words", active_encoder_version)


def make_test(name: str, version: EncoderVersion) -> OnlineTest:
    """That version as it is, against the same with more weight on words."""
    a, b = Variant(version.pk), Variant(version.pk, lexical_weight=0.9)
    return OnlineTest.objects.create(name=name, variant_a=a.to_json(), variant_b=b.to_json())


def page_of(test: OnlineTest) -> str:
    return f"{TESTS}{test.pk}/result/"


def decide(browser: Client, test: OnlineTest, decision: str) -> Any:
    return browser.post(page_of(test), {"decision": decision}, follow=True)


def history(test: OnlineTest) -> list[str]:
    entries = LogEntry.objects.filter(object_id=str(test.pk)).order_by("id")
    return [entry.get_change_message() for entry in entries]


def log_wins(test: OnlineTest, a: int, b: int, undecided: int = 0) -> None:
    """So many searches won by each side."""
    for number in range(a + b + undecided):
        search = searched("lamp", number, test_id=test.pk, product_ids=[1, 2], teams=[0, 1])
        if number < a + b:
            did("click", search, 1 if number < a else 2)


def test_the_form_proposes_the_active_version_against_the_latest(
    merchant: Merchant, active_encoder_version: EncoderVersion, challenger: EncoderVersion
) -> None:
    page = merchant.get(f"{TESTS}add/")
    form = page.context["adminform"].form
    assert [form[name].value() for name in ("version_a", "version_b", "percent")] == [
        active_encoder_version.pk, challenger.pk, 10,
    ]  # fmt: skip
    assert f"{active_encoder_version} (active)</option>" in page.content.decode()


def test_a_test_is_made_by_choosing_two_sides(
    merchant: Merchant, active_encoder_version: EncoderVersion, challenger: EncoderVersion
) -> None:
    answer = merchant.fill_in(f"{TESTS}add/", name="New words", percent=25, memory_b=None, weight_b="0.3")
    made = OnlineTest.objects.get()
    assert answer["Location"] == page_of(made)
    assert (made.name, made.share, made.is_running, made.started_at) == ("New words", 0.25, False, None)
    assert Variant.from_json(made.variant_a) == Variant(active_encoder_version.pk)
    assert Variant.from_json(made.variant_b) == Variant(
        challenger.pk, learners=frozenset({ADAPTER, RANKER}), lexical_weight=0.3
    )
    page = merchant.get(page_of(made)).content.decode()
    assert "challenger, without click memory, weight of words 0.3" in page
    assert "No search has been mixed yet." in page
    assert "25 % of the searches, not started" in page


def test_a_test_is_changed_until_it_starts(
    merchant: Merchant, made: OnlineTest, active_encoder_version: EncoderVersion
) -> None:
    merchant.fill_in(f"{TESTS}{made.pk}/change/", percent=50, adapter_b=None, weight_b="")
    made.refresh_from_db()
    assert made.share == 0.5
    assert Variant.from_json(made.variant_b) == Variant(
        active_encoder_version.pk, learners=frozenset({MEMORY, RANKER})
    )
    assert history(made) == [
        "Changed. Share of the searches, in percent: 10 → 50; Query adapter: yes → no; Weight of words: 0.9 → nothing"
    ]
    decide(merchant, made, "start")
    assert merchant.get(f"{TESTS}{made.pk}/change/")["Location"] == page_of(made)
    merchant.post(f"{TESTS}{made.pk}/change/", {"name": "Other", "percent": 1})
    made.refresh_from_db()
    assert (made.name, made.share) == ("Words", 0.5)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"weight_b": ""}, {"": ["Both sides are the same: choose what B does differently."]}),
        ({"percent": 0}, {"percent": ["Ensure this value is greater than or equal to 1."]}),
        ({"percent": 101}, {"percent": ["Ensure this value is less than or equal to 100."]}),
        ({"version_b": ""}, {"version_b": ["This field is required."]}),
        ({"weight_b": "-1"}, {"weight_b": ["Ensure this value is greater than or equal to 0."]}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(
    merchant: Merchant, made: OnlineTest, changes: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    assert form_errors(merchant.fill_in(f"{TESTS}{made.pk}/change/", **changes)) == errors
    before = made.variant_b
    made.refresh_from_db()
    assert (made.variant_b, made.share) == (before, 0.1)


def test_start_and_stop_hold_at_once_and_are_in_the_history(
    merchant: Merchant, made: OnlineTest, django_capture_on_commit_callbacks: Any
) -> None:
    assert running_test() is None
    with django_capture_on_commit_callbacks(execute=True):
        assert messages(decide(merchant, made, "start")) == ["Started."]
    running = running_test()
    assert running is not None
    assert (running.test_id, running.share, running.b.lexical_weight) == (made.pk, 0.1, 0.9)
    with django_capture_on_commit_callbacks(execute=True):
        assert messages(decide(merchant, made, "stop")) == ["Stopped."]
    assert running_test() is None
    assert history(made) == ["Started.", "Stopped."]
    page = merchant.get(page_of(made)).content.decode()
    assert 'value="start"' not in page
    assert 'value="stop"' not in page


def test_why_a_test_does_not_start_is_said(
    merchant: Merchant, made: OnlineTest, active_encoder_version: EncoderVersion
) -> None:
    make_product("Desk lamp")
    (said,) = messages(decide(merchant, made, "start"))
    assert said.startswith(f"Products that are not embedded under “{active_encoder_version}” yet: 1. ")
    embed_stale_products()
    other = make_test("Other", active_encoder_version)
    decide(merchant, other, "start")
    assert messages(decide(merchant, made, "start")) == [
        "“Other” is running. Only one test can run at a time: stop that one first."
    ]
    assert not OnlineTest.objects.get(pk=made.pk).is_running
    assert history(made) == []


def test_the_list_has_state_and_result_of_each_test(
    merchant: Merchant, made: OnlineTest, active_encoder_version: EncoderVersion
) -> None:
    ended = make_test("Ended", active_encoder_version)
    for decision in ("start", "stop"):
        decide(merchant, ended, decision)
    log_wins(ended, 2, 9, undecided=4)
    shown = merchant.get(TESTS)
    rows = {test.name: test.result for test in shown.context["cl"].result_list}
    assert rows == {"Words": Result(0, 0, 0, 0), "Ended": Result(15, 2, 9, 0)}
    page = shown.content.decode()
    for text in ("2 : 9", "0.065", "ended", "not started", "10%"):
        assert text in page


def test_the_result_is_told_in_plain_words_and_drawn(merchant: Merchant, made: OnlineTest) -> None:
    log_wins(made, 43, 57, undecided=100)
    page = merchant.get(page_of(made))
    assert page.context["verdict"] == (
        "B wins 57 of 100 decided searches (p = 0.19). Chance alone may do that. About 600 more searches are needed."
    )
    assert [(bar.label, bar.value) for bar in page.context["chart"]] == [
        ("A wins", "43 searches"), ("B wins", "57 searches"), ("Ties", "0 searches"), ("Undecided", "100 searches"),
    ]  # fmt: skip
    assert page.context["verdict"] in page.content.decode()


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (Result(0, 0, 0, 0), "No search has been mixed yet."),
        (Result(1, 0, 0, 0), "None of 1 search is decided yet."),
        (Result(12, 0, 0, 2), "None of 12 searches is decided yet."),
        (Result(9, 4, 4, 1), "Each side wins half of 8 decided searches (p = 1.00). No difference seen yet."),
        (
            Result(2100, 1000, 1010, 0),
            "B wins 1,010 of 2,010 decided searches (p = 0.84). No difference seen yet.",
        ),
        (
            Result(900, 160, 90, 10),
            "A wins 160 of 250 decided searches (p < 0.001). Chance alone would hardly do that: A is better.",
        ),
        (
            Result(20, 1, 0, 0),
            "A wins 1 of 1 decided search (p = 1.00). Chance alone may do that. About 100 more searches are needed.",
        ),
    ],
)
def test_the_verdict(result: Result, said: str) -> None:
    assert verdict(result) == said


def test_the_numbers_below_the_verdict() -> None:
    assert [value for _, value in numbers(Result(1200, 43, 57, 12))] == ["1,200", "100", "12", "57% [47%, 66%]", "0.19"]
    assert [value for _, value in numbers(Result(0, 0, 0, 0))] == ["0", "0", "0", "–", "1.00"]
    assert [shown_p(p) for p in (0.0004, 0.048, 0.0995, 0.5)] == ["< 0.001", "= 0.048", "= 0.100", "= 0.50"]


def test_variants_are_described_by_names(active_encoder_version: EncoderVersion) -> None:
    name = str(active_encoder_version)
    assert described(LIVE) == "the active version"
    assert described(Variant(active_encoder_version.pk, learners=frozenset())) == (
        f"{name}, without click memory, without query adapter, without ranker"
    )
    active_encoder_version.delete()
    assert described(Variant(4711, lexical_weight=0.25)) == "version 4711, deleted, weight of words 0.25"


def test_a_running_test_is_not_deleted(merchant: Merchant, made: OnlineTest) -> None:
    decide(merchant, made, "start")
    assert merchant.post(f"{TESTS}{made.pk}/delete/", {"post": "yes"}).status_code == 403
    decide(merchant, made, "stop")
    assert merchant.post(f"{TESTS}{made.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not OnlineTest.objects.exists()


def test_the_sidebar_leads_to_the_tests(merchant: Merchant) -> None:
    assert f'href="{TESTS}"' in merchant.get("/admin/").content.decode()


def test_an_unknown_test_is_not_found(merchant: Merchant) -> None:
    assert [merchant.get(f"{TESTS}{name}/result/").status_code for name in ("999999", "x")] == [404, 404]


def signed_in(*permissions: str) -> Client:
    browser = Client()
    browser.force_login(staff_who_may(*permissions))
    return browser


def test_staff_see_and_start_tests_only_as_far_as_they_may(made: OnlineTest) -> None:
    pages = (TESTS, f"{TESTS}add/", page_of(made))
    clerk = signed_in("view_order")
    assert [clerk.get(path).status_code for path in pages] == [403, 403, 403]
    viewer = signed_in("view_onlinetest")
    assert [viewer.get(path).status_code for path in pages] == [200, 403, 200]
    assert viewer.get(f"{TESTS}{made.pk}/change/")["Location"] == page_of(made)
    assert 'value="start"' not in viewer.get(page_of(made)).content.decode()
    assert viewer.post(page_of(made), {"decision": "start"}).status_code == 403
    assert not OnlineTest.objects.get().is_running
    assert (
        signed_in("view_onlinetest", "change_onlinetest").post(page_of(made), {"decision": "start"}).status_code == 302
    )
    assert OnlineTest.objects.get().is_running
    assert Client().get(TESTS).status_code == 302
