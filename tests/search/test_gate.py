"""The gate decides on comparisons made by hand as a person would, and compares through the pipeline."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from search import versions
from search.comparison import Comparison, QueryResult, Side, SliceResult, TopHit, read_record, record
from search.gate import NotComparable, bare, choose_lexical_weight, compare, decide, has_lost
from search.index import embed_stale_products
from search.judged_queries import GradedQuery
from search.learning_models import JudgedQuery
from search.metrics import Interval, bootstrap, paired_bootstrap, share_worse
from search.models import EncoderVersion, SearchQuery
from search.slices import CLICKS, FORGETTING, MAIN, NATURAL, NEW, TYPOS, Slice
from search.variants import Variant
from search.versions import encoder_of
from shop.catalog.models import Product
from tests.catalogue import make_product
from tests.search.search_log import ago, did, searched
from tests.search.vectors import axis, give_vectors, make_version

rng = np.random.default_rng(8)
NOISE = rng.normal(0.0, 0.15, size=60)
NOISE -= NOISE.mean()


def measured(name: str, differences: Sequence[float], allowance: float = -0.02) -> SliceResult:
    """A slice where the active version has 0.5 for every query."""
    old = np.full(len(differences), 0.5)
    new = old + np.array(differences)
    return SliceResult(
        name, allowance, len(differences), bootstrap(old), bootstrap(new), paired_bootstrap(new, old),
        share_worse(new, old),
    )  # fmt: skip


def comparison(*slices: SliceResult) -> Comparison:
    return Comparison(Side("old", bare(1)), Side("new", bare(2)), slices, (), ())


BETTER = measured(MAIN, NOISE + 0.06)


def test_what_is_better_beyond_chance_is_promoted() -> None:
    decision = decide(comparison(BETTER, measured(FORGETTING, [0.0] * 200, -0.01)))
    assert decision.promote
    low, high = BETTER.difference.low, BETTER.difference.high
    assert decision.reason == (
        "Promoted: nDCG@10 over 60 judged and clicked queries went from 0.500 to 0.560 "
        f"(+0.060 [{low:+.3f}, {high:+.3f}]), and no group of queries lost more than it may."
    )


def test_a_difference_that_may_be_chance_is_refused() -> None:
    decision = decide(comparison(measured(MAIN, NOISE + 0.02)))
    assert not decision.promote
    assert decision.reason.endswith(", which may be chance.")


def test_no_difference_is_refused() -> None:
    decision = decide(comparison(measured(MAIN, [0.0] * 60)))
    assert (decision.promote, "(+0.000 [+0.000, +0.000])" in decision.reason) == (False, True)


def test_what_is_worse_is_refused_and_called_so() -> None:
    decision = decide(comparison(measured(MAIN, NOISE - 0.06)))
    assert not decision.promote
    assert decision.reason.endswith(", which is worse.")


def test_shuffled_values_are_refused() -> None:
    values = rng.uniform(size=200)
    shuffled = rng.permutation(values)
    old, new = bootstrap(values), bootstrap(shuffled)
    difference = paired_bootstrap(shuffled, values)
    found = SliceResult(MAIN, -0.02, 200, old, new, difference, share_worse(shuffled, values))
    assert not decide(comparison(found)).promote


def test_a_gain_that_one_group_pays_for_is_refused() -> None:
    decision = decide(comparison(BETTER, measured(NATURAL, NOISE[:30] * 0.5 - NOISE[:30].mean() * 0.5 - 0.04)))
    assert not decision.promote
    assert decision.reason.endswith(
        ", but “natural language” lost 0.040 over 30 queries, more than the 0.020 it may."
    )


def test_every_group_that_lost_is_named() -> None:
    lost = [measured(name, [-0.05] * 20) for name in (NATURAL, TYPOS)]
    reason = decide(comparison(BETTER, *lost)).reason
    assert "“natural language” lost 0.050 over 20 queries, more than the 0.020 it may and “with a typo”" in reason


def test_a_group_of_few_queries_does_not_decide() -> None:
    assert decide(comparison(BETTER, measured(NATURAL, [-0.5] * 9))).promote
    assert not decide(comparison(BETTER, measured(NATURAL, [-0.5] * 10))).promote


def test_forgetting_may_lose_less() -> None:
    slightly = [-0.015] * 200
    assert decide(comparison(BETTER, measured(TYPOS, slightly))).promote
    assert not decide(comparison(BETTER, measured(FORGETTING, slightly, -0.01))).promote


def test_a_collapse_on_two_of_ten_queries_is_seen() -> None:
    found = measured(NATURAL, [-0.5, -0.5, *[0.0] * 8])
    assert found.worse < 0.95  # no bootstrap is sure
    assert has_lost(found)
    assert not has_lost(measured(NATURAL, [-0.5, *[0.0] * 9]))


def refused(true_loss: float, queries: int) -> float:
    """How often a slice with that true mean difference is held against the challenger."""
    trials = np.random.default_rng(5).normal(-true_loss, 0.15, size=(100, queries))
    nothing = np.zeros(queries)
    unused = Interval(0.0, 0.0, 0.0)
    means = [Interval(float(trial.mean()), 0.0, 0.0) for trial in trials]
    results = [
        SliceResult(NATURAL, -0.02, queries, unused, unused, mean, share_worse(trial, nothing))
        for mean, trial in zip(means, trials, strict=True)
    ]
    return float(np.mean([has_lost(result) for result in results]))


def test_a_small_slice_is_no_coin_flip_and_a_real_loss_is_caught() -> None:
    assert 0 < refused(0.0, 15) <= 0.1
    assert refused(0.0, 60) <= 0.1
    assert refused(0.08, 15) >= 0.65
    assert refused(0.05, 60) >= 0.75


def test_the_forgetting_set_decides_where_people_gave_too_little() -> None:
    few, better = measured(MAIN, [-0.1] * 19), measured(FORGETTING, [0.05] * 200, -0.01)
    assert not decide(comparison(few, better)).promote  # 19 queries are enough to object
    decision = decide(comparison(measured(MAIN, [0.0] * 19), better))
    assert decision.promote
    assert decision.reason.startswith("Promoted: nDCG@10 over the forgetting set went from 0.500 to 0.550")


def test_without_queries_nothing_is_promoted() -> None:
    decision = decide(comparison(measured(MAIN, []), measured(FORGETTING, [0.1] * 19)))
    assert (decision.promote, "import judgments first" in decision.reason) == (False, True)


def test_a_comparison_is_read_back_as_it_was_written() -> None:
    hits = (TopHit(3, "Lamp", 2), TopHit(4, "Mug", 0))
    lost = QueryResult("lamp", MAIN, 0.75, 0.5, hits, hits[::-1])
    variant = Variant(version_id=2, adapter_id=7, lexical_weight=0.4)
    given = Comparison(Side("old", bare(1)), Side("new", variant), (BETTER,), (), (lost,))
    stored = json.loads(json.dumps(record(given, decide(given))))
    assert read_record(stored) == (given, decide(given))
    with pytest.raises(KeyError):
        read_record({"comparison": {"active": {}}})


# Through the pipeline: no product has a word of these queries, so only the vectors tell what is right.
QUERIES = (
    "electric kettle", "leather sofa", "mountain bicycle", "acoustic guitar", "rain umbrella", "star telescope",
    "claw hammer", "feather pillow", "scented candle", "wooden violin", "camping tent", "school microscope",
    "pearl necklace", "street skateboard", "kitchen blender", "persian carpet", "snare drum", "folding ladder",
    "child toothbrush", "travel wallet", "silk scarf", "desk globe",
)  # fmt: skip


@pytest.fixture
def articles(db: None) -> list[Product]:
    made = [make_product(f"Article {number}") for number in range(len(QUERIES))]
    embed_stale_products()  # there is no version yet: by words only
    return made


@pytest.fixture
def good(articles: list[Product], exported_encoder: Path) -> EncoderVersion:
    """Each product's vector is that of its query."""
    version = make_version("good", is_active=True)
    EncoderVersion.objects.update(path=exported_encoder.name)
    version.refresh_from_db()
    give_vectors(articles, encoder_of(version).encode_queries(QUERIES), version)
    versions.forget()
    return version


@pytest.fixture
def bad(good: EncoderVersion, articles: list[Product]) -> EncoderVersion:
    """The first four products have each other's vectors, and the others the right ones."""
    version = make_version("bad")
    EncoderVersion.objects.filter(pk=version.pk).update(path=good.path)
    vectors = encoder_of(good).encode_queries(QUERIES)
    give_vectors(articles, vectors[[1, 0, 3, 2, *range(4, len(QUERIES))]], version)
    return version


def slices(articles: Sequence[Product]) -> list[Slice]:
    found = [GradedQuery(query, "en", {product.pk: 3}) for query, product in zip(QUERIES, articles, strict=True)]
    return [Slice(MAIN, tuple(found)), Slice(CLICKS, tuple(found[:2])), Slice(NATURAL, ())]


def test_versions_are_compared_through_the_pipeline(
    good: EncoderVersion, bad: EncoderVersion, articles: list[Product]
) -> None:
    done: list[int] = []
    found = compare(bare(good.pk), bare(bad.pk), slices(articles), progress=done.append)
    assert sum(done) == 2 * len(QUERIES)
    assert not SearchQuery.objects.exists()
    assert [(s.name, s.queries) for s in found.slices] == [(MAIN, 22), (CLICKS, 2), (NATURAL, 0)]
    assert [s.active.mean for s in found.slices] == [1.0, 1.0, 0.0]
    assert found.slices[0].challenger.mean < 1.0
    assert found.slices[0].worse > 0.9
    assert {lost.query for lost in found.losses} == set(QUERIES[:4])
    (kettle,) = (lost for lost in found.losses if lost.query == "electric kettle")
    assert kettle.active_top[0] == TopHit(articles[0].pk, "Article 0", 3)
    assert kettle.challenger_top[0] == TopHit(articles[1].pk, "Article 1", 0)
    assert (kettle.active, len(kettle.active_top), found.wins) == (1.0, 5, ())
    assert Comparison.from_json(json.loads(json.dumps(found.to_json()))) == found
    assert not decide(found).promote


def test_the_other_way_round_the_better_one_wins(
    good: EncoderVersion, bad: EncoderVersion, articles: list[Product]
) -> None:
    found = compare(bare(bad.pk), bare(None), slices(articles))  # None is the active one
    assert (found.active.name, found.challenger.name) == ("bad", "good")
    assert {won.query for won in found.wins} == set(QUERIES[:4])
    assert found.losses == ()


def test_a_version_against_itself_is_no_better(good: EncoderVersion, articles: list[Product]) -> None:
    found = compare(bare(good.pk), bare(good.pk), slices(articles))
    assert found.slices[0].difference == Interval(0.0, 0.0, 0.0)
    assert not decide(found).promote


def test_a_version_whose_products_are_not_embedded_is_not_compared(
    good: EncoderVersion, bad: EncoderVersion, articles: list[Product]
) -> None:
    bad.embeddings.filter(product=articles[0]).delete()
    with pytest.raises(NotComparable, match="Only 21 of 22 products are embedded under bad"):
        compare(bare(good.pk), bare(bad.pk), slices(articles))
    bad.delete()
    with pytest.raises(NotComparable, match="no such encoder version"):
        compare(bare(good.pk), bare(999_999), slices(articles))


def test_a_version_whose_encoder_is_gone_is_not_compared(good: EncoderVersion, articles: list[Product]) -> None:
    gone = make_version("gone")
    give_vectors(articles, np.stack([axis(1.0)] * len(articles)), gone)
    with pytest.raises(NotComparable, match="encoder of gone cannot be loaded"):
        compare(bare(good.pk), bare(gone.pk), slices(articles))
    with pytest.raises(NotComparable):
        choose_lexical_weight(bare(gone.pk), slices(articles))


def misled(good: EncoderVersion, articles: list[Product]) -> list[Slice]:
    """The words of each query are in the title of a product that it does not mean."""
    for product, query in zip(articles, (*QUERIES[1:], QUERIES[0]), strict=True):
        Product.objects.filter(pk=product.pk).update(title=f"Article of {query}")
    EncoderVersion.objects.update(is_active=False)
    Product.objects.update(updated_at=good.created_at)
    for product in articles:
        product.refresh_from_db()
        product.save()
    embed_stale_products()
    EncoderVersion.objects.filter(pk=good.pk).update(is_active=True)
    return slices(articles)


def test_the_weight_of_words_is_chosen_on_training_queries(good: EncoderVersion, articles: list[Product]) -> None:
    assert choose_lexical_weight(bare(good.pk), slices(articles)) == 0.5  # no word is known: all weights are alike
    asked = misled(good, articles)
    assert choose_lexical_weight(bare(good.pk), asked) == 0.3  # words mislead
    titles = tuple(
        GradedQuery(f"article of {query}", "en", {article.pk: 3})
        for query, article in zip((*QUERIES[1:], QUERIES[0]), articles, strict=True)
    )
    spared = [Slice(FORGETTING, titles, allowance) for allowance in (-0.01, -1.0)]
    assert choose_lexical_weight(bare(good.pk), asked, spared[:1]) == 0.5  # titles would be lost
    assert choose_lexical_weight(bare(good.pk), asked, spared[1:]) == 0.3
    heavy = Variant(good.pk, learners=frozenset(), lexical_weight=0.7)
    assert choose_lexical_weight(heavy, slices(articles)[1:]) == 0.7  # too few queries to choose by


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("compare_encoders", *arguments)
    return capsys.readouterr().out


@pytest.fixture
def judged(articles: list[Product]) -> None:
    for query, product in zip(QUERIES, articles, strict=True):
        JudgedQuery.objects.create(source="human", query=query, grades={str(product.pk): 3})


def test_the_command_prints_a_table_and_the_decision(
    good: EncoderVersion, bad: EncoderVersion, judged: None, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = output(capsys, "bad", "good").splitlines()
    (main,) = (line for line in lines if line.startswith(MAIN))
    assert main.split()[:3] == ["all", "queries", "22"]
    assert main.split()[4] == "1.000"
    (few,) = (line for line in lines if line.startswith(FORGETTING))
    assert few.endswith("too few to decide")
    assert "Largest wins" in lines
    assert "Largest losses" not in lines
    assert lines[-1].startswith(("Promoted: nDCG@10 over 22 judged", "Not promoted: nDCG@10 over 22 judged"))


def test_the_command_as_json_with_a_file_of_judgments(
    good: EncoderVersion, bad: EncoderVersion, judged: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "judgments.csv"
    file.write_text("query,product_id,grade\nkettle,ARTICLE-0,3\nleather sofa,NONE,3\n")
    found: dict[str, Any] = json.loads(output(capsys, "good", "bad", "--judgments", str(file), "--json"))
    given, decision = read_record(found)
    assert (given.slices[0].name, given.slices[0].queries) == (MAIN, 1)
    assert not decision.promote
    assert JudgedQuery.objects.count() == len(QUERIES)


def test_the_command_grades_by_clicks_that_neither_has_learned_from(
    good: EncoderVersion, bad: EncoderVersion, articles: list[Product], capsys: pytest.CaptureFixture[str]
) -> None:
    shown = [articles[0].pk, articles[1].pk]
    EncoderVersion.objects.filter(pk=good.pk).update(created_at=ago(9))
    EncoderVersion.objects.filter(pk=bad.pk).update(created_at=ago(3))
    for query, product, days_ago in ((QUERIES[0], articles[0], 1), (QUERIES[1], articles[1], 5)):
        for number in range(6):
            seen = searched(query, by=number, days_ago=days_ago + number / 24, product_ids=shown)
            did("click", seen, product.pk, position=shown.index(product.pk) + 1)
    found, _ = read_record(json.loads(output(capsys, "good", "bad", "--json")))
    results = {one.name: (one.queries, one.active.mean) for one in found.slices}
    assert (results[CLICKS], results[NEW]) == ((1, 1.0), (1, 1.0))


def test_the_command_names_what_is_wrong(good: EncoderVersion, articles: list[Product], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"no encoder version 'better'\. There are: good\."):
        call_command("compare_encoders", "good", "better")
    make_version("empty")
    with pytest.raises(CommandError, match="Only 0 of 22 products are embedded under empty"):
        call_command("compare_encoders", "good", "empty")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("compare_encoders", "good", "good", "--judgments", str(tmp_path / "none.csv"))
