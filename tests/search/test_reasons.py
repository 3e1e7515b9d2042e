"""Reasons in plain words, from parts by hand."""

from dataclasses import replace

import pytest

from search.candidates import CANDIDATES
from search.explanation import PLACE, ExplainedHit, Explanation, Kind, Pool, Term
from search.product_text import ProductText
from search.query import Understood
from search.reasons import MOST_RANKED, Reason, comparison, query_words, reasons, words_sentence

SHOES = Kind(1, "running-shoes", "Running Shoes", 0.84, 0.6)
SOCKS = Kind(2, "socks", "Socks", 0.03, 0.0)
TEXT = ProductText(
    title="Trail running", description="Light and quiet.", brand="Novara", category="Shoes", identifiers=("TR-1",),
    attributes=(("material", "Mesh"), ("weight_g", "240")), chinese=("越野跑鞋",),
)  # fmt: skip


def hit(score: float = 1.0, **fields: object) -> ExplainedHit:
    parts = fields.pop("parts", {"words": score})
    values = {"bm25": 2.0, "cosine": 0.6, "bm25_z": 1.0, "cosine_z": 1.0, "cosine_rank": 30, "category_id": 1}
    return ExplainedHit(product_id=1, position=1, score=score, parts=parts, **{**values, **fields})  # type: ignore[arg-type]


def explanation(query: str = "running shoes", kinds: tuple[Kind, ...] = (SHOES, SOCKS)) -> Explanation:
    return Explanation(
        understood=Understood(query), version_id=1, sort="relevance", terms=(), unknown=(), lexical_weight=0.5,
        agreement=None, coverage=None, floor=0.3, meant_by=None, kinds=kinds, pool=Pool(2, 1, 1, 0, 2), hits=(),
    )  # fmt: skip


def told(one: ExplainedHit, **fields: object) -> list[Reason]:
    return list(reasons(one, None, TEXT, explanation(**fields), products=1000))  # type: ignore[arg-type]


def test_everything_that_speaks_for_a_hit() -> None:
    assert told(hit()) == [
        Reason("Words", "Has “running” in its title and “shoes” in its type."),
        Reason("Meaning", "Among the nearest 3 % of products."),
        Reason("Kind", "84 % of the nearest products are Running Shoes, this is one; "
               "the query is near to its category's name."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("running shoe", "Has “running” in its title and “shoe” in its type."),
        ("quiet mesh novara", "Has “novara” in its brand, “mesh” in its attributes and “quiet” in its description."),
        ("running waterproof boots", "Has “running” in its title, but not “waterproof” and “boots”."),
        ("越野", "Has “越野” in its Chinese text."),
        ("kettle", "Has none of the query's words (“kettle”)."),
        ("240", "Has none of the query's words (“240”)."),  # bare numbers of attributes are not indexed
        ("the", "The query has no words to look for."),
    ],
)
def test_where_the_words_are(query: str, sentence: str) -> None:
    assert words_sentence(query_words(query), TEXT) == sentence


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"cosine_rank": 1}, "The nearest of 1,000 products."),
        ({"cosine_rank": 2}, "The 2nd nearest of 1,000 products."),
        ({"cosine_rank": 11}, "Among the nearest 2 % of products."),
        ({"cosine_rank": 101}, "Near, but not among the 100 nearest products."),
        ({"cosine": 0.1}, "Too far from the query to be a match by that alone."),
        ({"cosine": None, "cosine_rank": None}, "It has no vector yet, so only its words count."),
    ],
)
def test_how_near_it_is(fields: dict[str, object], sentence: str) -> None:
    assert Reason("Meaning", sentence) in told(hit(**fields))


def test_places_are_known_as_far_as_candidates_are_read() -> None:
    assert MOST_RANKED == CANDIDATES


@pytest.mark.parametrize(
    ("category_id", "sentence"),
    [
        (2, "84 % of the nearest products are Running Shoes; this is Socks (3 %)."),
        (3, "84 % of the nearest products are Running Shoes; this is not one."),
    ],
)
def test_what_it_is_when_the_query_is_about_something_else(category_id: int, sentence: str) -> None:
    assert Reason("Kind", sentence) in told(hit(category_id=category_id))


def test_without_categories_nothing_is_said_of_kinds() -> None:
    assert [reason.about for reason in told(hit(), kinds=())] == ["Words", "Meaning"]


def test_a_number_that_the_query_names_comes_first() -> None:
    assert told(hit(parts={"words": 1.0, "named": 100.0}))[0] == Reason("Number", "Named by its number.")


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"clicks": 1.2, "clicked_kind": 0.5}, "Shoppers who searched for this often choose it."),
        ({"clicks": -0.6, "clicked_kind": 0.5}, "Shoppers who searched for this saw it and seldom chose it."),
        ({"clicks": 0.0, "clicked_kind": 0.5}, "Shoppers who searched for this often choose its kind."),
    ],
)
def test_what_shoppers_choose(parts: dict[str, float], sentence: str) -> None:
    assert told(hit(parts={"words": 1.0, **parts}))[-1] == Reason("Clicks", sentence)


def test_where_few_searched_nothing_is_said_of_clicks() -> None:
    assert "Clicks" not in [reason.about for reason in told(hit(parts={"words": 1.0, "clicks": 0.0}))]


def test_a_part_that_nobody_wrote_words_for_is_told_by_its_name() -> None:
    assert Reason("In stock", "Moves it down by 0.30.") in told(hit(parts={"words": 1.0, "in_stock": -0.3}))


@pytest.mark.parametrize(
    ("before", "below", "sentence"),
    [
        ({"words": 2.0, "meaning": 1.0}, {"words": 1.0, "meaning": 1.0},
         "Below the one before it because its words match less."),
        ({"words": 2.0, "meaning": 0.5}, {"words": 1.0, "meaning": 1.0},
         "Below the one before it because its words match less, although its meaning is nearer to the query."),
        ({"words": 1.0, "meaning": 1.0}, {"words": 1.1, "meaning": 0.5},
         "Below the one before it because its meaning is farther from the query."),
        ({"words": 1.0, "kind": 1.0}, {"words": 1.0, "kind": 0.2},
         "Below the one before it because fewer of the nearest products are of its kind."),
        ({"words": 1.0, "named": 100.0}, {"words": 1.0},
         "Below the one before it because the query names the other one by its number."),
        ({"words": 1.0, "in_stock": 1.0}, {"words": 1.0}, "Below the one before it because of its in stock."),
        ({"words": 1.0, "clicks": 1.0}, {"words": 1.2, "clicks": 0.0},
         "Below the one before it because shoppers who searched for this choose it less often."),
        ({"words": 2.0, "clicks": 0.0}, {"words": 1.0, "clicks": 0.5},
         ("Below the one before it because its words match less, "
          "although shoppers who searched for this choose it more often.")),
        ({"words": 1.0, "clicked_kind": 0.8}, {"words": 1.0, "clicked_kind": 0.1},
         "Below the one before it because shoppers who searched for this choose its kind less often."),
        ({"words": 1.01}, {"words": 1.0}, "Just below the one before it because its words match less."),
        ({"words": 1.0}, {"words": 1.0}, "Level with the one before it; the older product comes first."),
        ({"words": 1.0}, {"words": 2.0},
         "Its score is higher, but the query is about many kinds of products, and the page mixes them."),
        ({"words": 1.0, "sold_out": 0.0}, {"words": 1.0, "sold_out": -0.3},
         "Below the one before it because it is sold out."),
        ({"words": 1.0}, {PLACE: -9.0},
         "After the candidates that are ranked: it has the query's words, but others have them better."),
        ({PLACE: -9.0}, {PLACE: -10.0}, "Below the one before it because its words match less."),
    ],
)  # fmt: skip
def test_what_made_the_difference(before: dict[str, float], below: dict[str, float], sentence: str) -> None:
    first, second = (hit(sum(parts.values()), parts=parts) for parts in (before, below))
    assert comparison(first, second) == sentence


def test_rules_pin() -> None:
    pinned, below = hit(0.5, is_pinned=True), hit(1.0)
    assert reasons(pinned, hit(1.0), TEXT, explanation(), products=1)[-1] == Reason("Place", "Pinned here by a rule.")
    assert comparison(pinned, below) == "The one before it is pinned there by a rule."


def test_a_hit_by_a_synonym() -> None:
    terms = (Term("trainer", 1, 2.0, 3), Term("shoe", 2, 1.0, 9, is_synonym=True))
    with_synonyms = replace(explanation("trainers"), terms=terms)
    found = reasons(hit(), None, TEXT, with_synonyms, products=1000)
    assert found[0] == Reason("Words", "Has a synonym of “trainers”.")
