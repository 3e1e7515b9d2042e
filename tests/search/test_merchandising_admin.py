"""Synonyms, rules, the preview and the reports in the admin: what merchants do with them, and who may."""

import csv
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client

from search.index import embed_stale_products
from search.pipeline import search_products
from search.rule_models import MerchandisingRule, RuleAction, Synonym
from shop.catalog.models import Product
from tests.catalogue import add_picture, make_category, make_product
from tests.merchant import Merchant, form_errors, messages
from tests.search.search_log import did, searched

pytestmark = pytest.mark.django_db
RULES = "/admin/search/merchandisingrule/"
SYNONYMS = "/admin/search/synonym/"
REPORTS = "/admin/search/searchquery/reports/"


@pytest.fixture
def merchant(db: None) -> Merchant:
    return Merchant()


@pytest.fixture
def kettles() -> list[Product]:
    made = [make_product(f"Kettle {number}", brand="Bosko" if number % 2 else "Lumen") for number in range(5)]
    add_picture(made[0], "a" * 32)
    made.append(make_product("Desk lamp"))
    embed_stale_products()
    return made


def staff(*permissions: str) -> Client:
    person = User.objects.create_user("clerk", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(person)
    return client


def history(found: Any) -> list[str]:
    entries = LogEntry.objects.filter(object_id=str(found.pk)).order_by("id")
    return [entry.get_change_message() for entry in entries]


def titles(side: Any) -> list[tuple[int, str, list[str]]]:
    return [(row.position, row.title, [words for _, words in row.badges]) for row in side.rows]


def test_a_synonym_is_added_as_lines_or_with_commas(
    merchant: Merchant, kettles: list[Product], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        merchant.fill_in(f"{SYNONYMS}add/", words=" water  boiler ", synonyms="kettle, tea kettle\nKessel")
    made = Synonym.objects.get()
    assert (made.words, made.synonyms, made.is_two_way) == ("water boiler", ["kettle", "tea kettle", "Kessel"], True)
    assert search_products("water boiler").total == 5


@pytest.mark.parametrize(
    ("words", "others", "field", "message"),
    [
        ("lamp", "Lamps", "synonyms", "“Lamps” and “lamp” are the same to search: endings do not count."),
        ("lamp", " , ", "synonyms", "Write at least one synonym."),
        ("lamp", "???", "synonyms", "“???” has no word that search looks for."),
        ("lamp", "x" * 101, "synonyms", f"“{'x' * 30}…” has 101 characters; the most is 100."),
        ("the", "lamp", "words", "“the” has no word that search looks for."),
        ("Boiler", "lamp", "", "There is an entry for these words already; add to that one."),
    ],
)
def test_a_synonym_that_makes_no_sense_is_refused(
    merchant: Merchant, words: str, others: str, field: str, message: str
) -> None:
    Synonym.objects.create(words="boiler", synonyms=["kettle"])
    assert form_errors(merchant.fill_in(f"{SYNONYMS}add/", words=words, synonyms=others)) == {field: [message]}
    assert Synonym.objects.count() == 1


def test_synonyms_are_found_by_either_side(merchant: Merchant) -> None:
    Synonym.objects.create(words="boiler", synonyms=["kettle"])
    Synonym.objects.create(words="sofa", synonyms=["couch"])
    for text in ("boil", "KETT"):
        found = merchant.get(f"{SYNONYMS}?q={text}").context["cl"].result_list
        assert [synonym.words for synonym in found] == ["boiler"]


def test_a_proposal_is_accepted_or_declined_with_one_tap(merchant: Merchant, kettles: list[Product]) -> None:
    for query, word in (("boiler", "kettle"), ("cooker", "kettle")):
        for number in range(5):
            did("click", searched(query, by=number), product_id=kettles[number].pk)
            did("click", searched(word, by=number), product_id=kettles[number].pk)
    page = merchant.get(f"{SYNONYMS}proposals/")
    assert [(p.words, p.synonym) for p in page.context["proposals"]] == [("boiler", "kettle"), ("cooker", "kettle")]
    assert "100 % of the clicks of 5 shoppers who searched for “boiler”" in page.content.decode()
    for words, decision, said in (("boiler", "accept", "Accepted"), ("cooker", "decline", "Declined")):
        sent = {"words": words, "synonym": "kettle", "decision": decision}
        answer = merchant.post(f"{SYNONYMS}proposals/", sent, follow=True)
        assert messages(answer) == [f"{said}: {words} → kettle"]
    assert answer.context["proposals"] == []
    assert list(Synonym.objects.values_list("words", "is_two_way", "is_active")) == [
        ("boiler", False, True), ("cooker", False, False),
    ]  # fmt: skip
    assert history(Synonym.objects.get(words="boiler")) == ["Accepted as proposed from clicks: boiler → kettle"]


def test_a_made_up_proposal_is_refused(merchant: Merchant) -> None:
    answer = merchant.post(f"{SYNONYMS}proposals/", {"words": "lamp", "synonym": "", "decision": "accept"}, follow=True)
    assert len(messages(answer)) == 1
    assert not Synonym.objects.exists()


def actions_form(*rows: dict[str, Any]) -> dict[str, Any]:
    """The inline's part of a form."""
    sent: dict[str, Any] = {"actions-TOTAL_FORMS": len(rows), "actions-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        sent |= {f"actions-{number}-{name}": value for name, value in {"strength": 2, **row}.items()}
    return sent


def test_a_rule_with_actions_is_added_and_holds_at_once(
    merchant: Merchant, kettles: list[Product], django_capture_on_commit_callbacks: Any
) -> None:
    assert search_products("kettle").hits[0].product_id == kettles[0].pk  # no rule is remembered
    actions = actions_form(
        {"kind": "pin", "product": kettles[5].pk, "position": 1}, {"kind": "boost", "brand": "Bosko"}
    )
    sent = {"name": "Lamps first", "match": "exact", "query": "kettle", "priority": 0, "is_active": "on", **actions}
    with django_capture_on_commit_callbacks(execute=True):
        assert merchant.post(f"{RULES}add/", sent).status_code == 302
    assert search_products("kettle").hits[0].product_id == kettles[5].pk
    assert str(RuleAction.objects.get(kind="boost")) == "Move up clearly: brand Bosko"


def test_a_rule_says_what_is_missing_beside_the_field(merchant: Merchant, kettles: list[Product]) -> None:
    pin = actions_form({"kind": "pin", "position": 1})
    sent = {"name": "x", "match": "exact", "priority": 0, "redirect": "http://example.com", **pin}
    page = merchant.post(f"{RULES}add/", sent)
    errors = form_errors(page)
    assert errors["query"] == ["Say what the rule applies to."]
    assert errors["redirect"][0].startswith("Write a path of this store")
    (inline,) = page.context["inline_admin_formsets"]
    assert inline.formset.errors == [{"product": ["Choose a product."]}]


def test_a_rule_does_not_redirect_to_the_search_that_it_is_for(merchant: Merchant) -> None:
    own = {"name": "x", "match": "contains", "query": "lamp", "redirect": "/search?q=desk+lamps"}
    assert form_errors(merchant.fill_in(f"{RULES}add/", **own)) == {
        "redirect": ["That is the search that the rule is for: it would lead to itself."]
    }
    assert merchant.fill_in(f"{RULES}add/", **{**own, "redirect": "/search?q=light"}).status_code == 302


def test_the_list_says_when_a_rule_applies_and_what_it_does(merchant: Merchant, kettles: list[Product]) -> None:
    kitchen = make_category("kitchen")
    first = MerchandisingRule.objects.create(name="Tea", query="kettle", banner_title="Hi", redirect="/x")
    for number in range(2):
        RuleAction.objects.create(rule=first, kind="pin", product=kettles[number], position=1)
    RuleAction.objects.create(rule=first, kind="hide", product=kettles[3])
    MerchandisingRule.objects.create(name="Kitchen", match="category", category=kitchen, is_active=False)
    page = merchant.get(RULES).content.decode()
    assert "2 pinned, 1 hidden, banner, redirect" in page
    assert "category Kitchen" in page
    for query, names in (("?q=kettle 3", ["Tea"]), ("?state=off", ["Kitchen"]), ("?state=running", ["Tea"])):
        assert [rule.name for rule in merchant.get(f"{RULES}{query}").context["cl"].result_list] == names


def test_history_says_old_and_new_values(merchant: Merchant, kettles: list[Product]) -> None:
    rule = MerchandisingRule.objects.create(name="Tea", query="kettle")
    pin = RuleAction.objects.create(rule=rule, kind="pin", product=kettles[0], position=1)
    merchant.fill_in(f"{RULES}{rule.pk}/change/", query="kettles", match="contains", actions__0__position=3)
    merchant.fill_in(f"{RULES}{rule.pk}/change/", is_active=None, actions__0__product=kettles[1].pk)
    merchant.fill_in(f"{RULES}{rule.pk}/change/", actions__0__DELETE="on")
    first, *later = history(rule)
    assert first == (
        "Changed. Applies when: The query is → The query contains all words of; Query: kettle → kettles; "
        "“Pin to position 3: Kettle 0”: Position: 1 → 3"
    )
    assert later == [
        "Changed. Active: yes → no; “Pin to position 3: Kettle 1”: Product: Kettle 0 → Kettle 1",
        "Changed. removed “Pin to position 3: Kettle 1”",
    ]
    assert not RuleAction.objects.filter(pk=pin.pk).exists()
    page = merchant.get(f"{RULES}{rule.pk}/history/").content.decode()
    assert "Query: kettle → kettles" in page
    assert "merchant" in page


def test_history_says_what_was_added(merchant: Merchant) -> None:
    merchant.fill_in(f"{SYNONYMS}add/", words="sofa", synonyms="couch")
    made = Synonym.objects.get()
    merchant.fill_in(f"{SYNONYMS}{made.pk}/change/", synonyms="couch\nsettee")
    assert history(made) == [
        "Added. Words: sofa; Also searched as: couch; Both ways: yes; Active: yes",
        "Changed. Also searched as: couch → couch, settee",
    ]


def test_the_preview_of_a_rule_shows_what_moves(merchant: Merchant, kettles: list[Product]) -> None:
    rule = MerchandisingRule.objects.create(name="Tea", query="kettle", is_active=False, banner_title="Tea time")
    RuleAction.objects.create(rule=rule, kind="pin", product=kettles[3], position=1)
    RuleAction.objects.create(rule=rule, kind="pin", product=kettles[5], position=2)
    RuleAction.objects.create(rule=rule, kind="hide", product=kettles[1])
    detail = merchant.get(f"{RULES}{rule.pk}/preview/", follow=True)
    before, after = detail.context["sides"]
    assert titles(before) == [
        (1, "Kettle 0", []), (2, "Kettle 1", ["Hidden"]), (3, "Kettle 2", []), (4, "Kettle 3", []), (5, "Kettle 4", []),
    ]  # fmt: skip
    assert titles(after) == [
        (1, "Kettle 3", ["Pinned", "▲ 3"]), (2, "Desk lamp", ["Pinned", "New here"]), (3, "Kettle 0", ["▼ 2"]),
        (4, "Kettle 2", ["▼ 1"]), (5, "Kettle 4", []),
    ]  # fmt: skip
    page = detail.content.decode()
    for text in ("Tea time", "Without this rule", "With this rule", "/img/" + "a" * 32, "$19.99", "is switched off"):
        assert text in page
    part = merchant.get(f"{RULES}preview/?rule={rule.pk}&q=lamp&part=1")
    assert [titles(side) for side in part.context["sides"]] == [[(1, "Desk lamp", [])]] * 2
    assert "<html" not in part.content.decode()


def test_the_preview_of_all_rules_compares_with_none(merchant: Merchant, kettles: list[Product]) -> None:
    kitchen = make_category("kitchen")
    Product.objects.update(category=kitchen)
    rule = MerchandisingRule.objects.create(name="Kitchen", match="category", category=kitchen)
    RuleAction.objects.create(rule=rule, kind="pin", product=kettles[4], position=1)
    before, after = merchant.get(f"{RULES}preview/?category=kitchen").context["sides"]
    assert (before.rows[0].title, after.rows[0].title) == ("Kettle 0", "Kettle 4")
    assert merchant.get(f"{RULES}preview/?rule=999999&q=%00").status_code == 200
    assert merchant.get(f"{RULES}preview/?rule={rule.pk}").context["category"] == "kitchen"


@pytest.fixture
def log() -> None:
    for number in range(6):
        searched("samovar & co", by=number, total=0)
        lamp = searched("lamp", by=number)
        if number < 1:
            did("click", lamp, position=3)
    searched("=cmd()", by=1, total=0)
    searched("mug", by=1, days_ago=40)


@pytest.mark.parametrize(
    ("report", "queries"),
    [
        ("top", ["lamp", "samovar & co", "=cmd()"]), ("empty", ["samovar & co", "=cmd()"]), ("low", ["lamp"]),
        ("conversions", ["lamp", "=cmd()", "samovar & co"]), ("nonsense", ["lamp", "samovar & co", "=cmd()"]),
    ],
)  # fmt: skip
def test_reports_open(merchant: Merchant, log: None, report: str, queries: list[str]) -> None:
    page = merchant.get(f"{REPORTS}?report={report}")
    assert [row[0] for row in page.context["table"].rows] == queries
    assert page.content.decode().count("Add synonym") == len(queries)


def test_the_window_and_the_clients_are_chosen(merchant: Merchant, log: None) -> None:
    for asked, last in (("&days=90", "mug"), ("&days=7", "=cmd()"), ("&days=x", "=cmd()")):
        rows = merchant.get(f"{REPORTS}?report=top{asked}").context["table"].rows
        assert last in [row[0] for row in rows]
        assert len(rows) == 3 + (last == "mug")
    assert merchant.get(f"{REPORTS}?report=low&clients=7").context["table"].rows == ()


def test_positions_are_drawn(merchant: Merchant, log: None) -> None:
    page = merchant.get(f"{REPORTS}?report=positions").content.decode()
    assert "Mean position 3.0, median 3.0, from 1 clicks." in page
    assert page.count("<rect") == 12
    assert "http" not in page[page.index("<svg viewBox=\"-4") : page.index("report-table")]


def test_each_row_leads_to_forms_that_are_filled_in(merchant: Merchant, log: None) -> None:
    page = merchant.get(f"{REPORTS}?report=empty")
    (_, fixes) = page.context["rows"][0]
    assert [words for words, _ in fixes] == ["Add synonym", "Add rule", "Redirect"]
    synonym, rule, redirect = (merchant.get(address.partition("#")[0]) for _, address in fixes)
    assert synonym.context["adminform"].form["words"].value() == "samovar & co"
    for form in (rule, redirect):
        given = form.context["adminform"].form
        assert [given[name].value() for name in ("name", "match", "query")] == ["samovar & co", "exact", "samovar & co"]
    assert urlsplit(fixes[2][1]).fragment == "id_redirect"
    assert parse_qs(urlsplit(fixes[0][1]).query) == {"words": ["samovar & co"]}


def test_a_report_is_downloaded_and_runs_no_formula(merchant: Merchant, log: None) -> None:
    answer = merchant.get(f"{REPORTS}?report=empty&days=7&format=csv")
    assert answer["Content-Disposition"] == 'attachment; filename="search-empty-7-days.csv"'
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    assert rows[0] == ["Query", "Shoppers", "Searches", "Last"]
    assert [row[:3] for row in rows[1:]] == [["samovar & co", "6", "6"], ["'=cmd()", "1", "1"]]


def test_the_sidebar_and_the_overview_lead_to_the_reports(merchant: Merchant) -> None:
    page = merchant.get("/admin/").content.decode()
    assert page.count(f'href="{REPORTS}"') == 2
    assert f'href="{RULES}"' in page


PAGES = (RULES, f"{RULES}add/", f"{RULES}preview/", SYNONYMS, f"{SYNONYMS}add/", f"{SYNONYMS}proposals/", REPORTS)


def test_staff_without_permissions_see_no_page_and_no_link(log: None) -> None:
    clerk = staff("view_order")
    assert [clerk.get(path).status_code for path in PAGES] == [403] * len(PAGES)
    assert clerk.post(f"{SYNONYMS}proposals/", {"words": "a", "synonym": "b", "decision": "accept"}).status_code == 403
    overview = clerk.get("/admin/").content.decode()
    assert not any(f'href="{path}"' in overview for path in PAGES)


def test_staff_who_may_look_may_not_change(kettles: list[Product], log: None) -> None:
    clerk = staff("view_merchandisingrule", "view_synonym", "view_searchquery")
    rule = MerchandisingRule.objects.create(name="Tea", query="kettle")
    assert [clerk.get(path).status_code for path in PAGES] == [200, 403, 200, 200, 403, 403, 200]
    assert clerk.get(f"{RULES}{rule.pk}/change/").status_code == 200
    assert clerk.post(f"{RULES}{rule.pk}/change/", {"name": "x"}).status_code == 403
    page = clerk.get(f"{REPORTS}?report=empty")
    assert [fixes for _, fixes in page.context["rows"]] == [[], []]
    assert "Add synonym" not in page.content.decode()


def test_shoppers_are_sent_to_the_sign_in() -> None:
    assert [Client().get(path).status_code for path in PAGES] == [302] * len(PAGES)
