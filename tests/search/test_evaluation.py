"""Measuring search: the readings of a ranking by hand, and both commands as a developer runs them."""

import json
import math
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from search import evaluation_database
from search.datasets import Judgments
from search.evaluation import MEASURES, measure
from search.judged_queries import GradedQuery
from search.learning_evaluation import unrelated
from search.models import EncoderVersion, SearchQuery
from search.ranker import FEATURES

KINDS = "kettle mug laptop phone chair desk lamp sofa shirt shoe ball tent guitar drum book pen".split()
COLORS = "red blue green black white grey".split()


def values(ranking: list[str], completed: dict[str, int], human: dict[str, int]) -> dict[str, float]:
    found = measure({"q": [(product, 0.0) for product in ranking]}, Judgments({"q": completed}, {"q": human}))
    return {name: float(found[name][0]) for name in MEASURES}


def test_three_readings_of_one_ranking() -> None:
    found = values(["new", "best", "bad"], {"new": 1, "best": 3, "bad": 0}, {"best": 3, "bad": 0, "missed": 3})
    assert found["ndcg@10"] == pytest.approx((1 + 7 / math.log2(3)) / (7 + 1 / math.log2(3)))
    assert found["judged_ndcg@10"] == pytest.approx(7 / (7 + 7 / math.log2(3)))  # "new" is taken out
    assert found["unjudged0_ndcg@10"] == pytest.approx(7 / math.log2(3) / (7 + 7 / math.log2(3)))
    assert found["judged@10"] == 0.2
    assert (found["p@10"], found["mrr@10"], found["recall@100"], found["no_relevant@10"]) == (0.2, 1.0, 1.0, 0.0)


def test_a_query_without_a_hit_scores_nothing() -> None:
    found = values([], {"best": 3}, {"best": 3})
    assert (found["ndcg@10"], found["mrr@10"], found["no_relevant@10"]) == (0.0, 0.0, 1.0)


def test_a_query_for_which_nothing_is_relevant_has_no_value() -> None:
    found = values(["bad"], {"bad": 0}, {"bad": 0})
    assert found["judged@10"] == 0.1
    assert all(math.isnan(found[name]) for name in MEASURES if name != "judged@10")


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """288 products in 16 kinds, as a file to import."""
    path = tmp_path_factory.mktemp("feed") / "products.jsonl"
    rows = (
        {"id": f"{kind}-{color}-{size}", "title": f"{color} {kind} {size}", "price": "9.99", "availability": "in_stock"}
        for kind in KINDS
        for color in COLORS
        for size in ("small", "medium", "large")
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def run(command: str, *arguments: object) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.slow
def test_a_judged_catalogue_is_measured_beside_the_stores_own(
    feed: Path, tmp_path: Path, databases: Callable[[], list[str]], capfd: pytest.CaptureFixture[str]
) -> None:
    own, judgments, ranking = connection.settings_dict["NAME"], tmp_path / "judgments.csv", tmp_path / "run.tsv"
    grades = {"small": 3, "medium": 1, "large": 3}
    lines = [f"{kind},{kind}-{color}-{size},{grades[size]}" for kind in KINDS for color in COLORS for size in grades]
    judgments.write_text("query,product_id,grade\n" + "\n".join(lines))
    said, _ = run("evaluate_search", "--products", feed, "--judgments", judgments, "--run", ranking, "--json")
    report = json.loads(said)
    assert (report["products"], report["queries"]) == (288, 16)
    assert list(report["systems"]) == ["served", "hybrid", "lexical", "semantic"]
    for system in report["systems"].values():
        assert set(MEASURES) | {"ci95", "minus_hybrid"} == set(system)
        assert system["mrr@10"] > 0.9
        low, high = system["ci95"]["ndcg@10"]
        assert low <= system["ndcg@10"] <= high
    served, hybrid = report["systems"]["served"], report["systems"]["hybrid"]
    difference = served["minus_hybrid"]["ndcg@10"]
    assert difference["mean"] == pytest.approx(served["ndcg@10"] - hybrid["ndcg@10"], abs=1e-3)
    assert difference["ci95"][0] <= difference["mean"] <= difference["ci95"][1]
    rows = [line.split("\t") for line in ranking.read_text().splitlines()]
    assert {len(row) for row in rows} == {6}
    ranks = [int(row[3]) for row in rows if row[0] == "kettle"]
    assert ranks == list(range(1, len(ranks) + 1))
    assert 18 <= len(ranks) <= 100  # all kettles, and what is near enough
    assert rows[0][0] == "kettle"
    assert rows[0][2].startswith("kettle-")
    assert len(databases()) == 1

    capfd.readouterr()
    evaluation_database._connect_to(own)
    again, _ = run("evaluate_search", "--products", feed, "--judgments", judgments, "--json")
    assert json.loads(again) == report
    assert "added" not in capfd.readouterr().err  # nothing is imported twice
    assert len(databases()) == 1


@pytest.mark.slow
def test_speed_is_measured_over_http_beside_a_floor_and_a_peer(
    feed: Path, tmp_path: Path, databases: Callable[[], list[str]]
) -> None:
    queries = tmp_path / "queries.txt"
    queries.write_text("\n".join(KINDS))
    arguments = ("--products", feed, "--queries", queries, "--clients", 2, "--seconds", 1)
    found = json.loads(run("benchmark_search", *arguments, "--json")[0])
    assert (found["products"], found["queries"]) == (288, 16)
    one = found["http_one_client"]
    assert one["n"] == 500
    assert 0 < one["median_ms"] <= one["p95_ms"]
    assert {"understand", "encode", "sql", "rank", "facets", "cards", "http"} == set(one["stages"])
    assert found["http_many_clients"]["requests_per_s"] > 0
    assert found["http_while_embedding"]["p95_ratio"] > 0
    typed = {kind[:end] for kind in KINDS for end in range(2, len(kind) + 1)}
    assert found["suggestions"]["n"] == len([text for text in typed if not text.endswith(" ")])
    assert 0 < found["suggestions"]["median_ms"] <= found["suggestions"]["p95_ms"]
    assert found["edit_to_searchable"]["n"] == 20
    assert found["web_memory_mb"] > 50
    assert found["embedding_products_per_s"] > 0
    assert set(found["in_process"]) == {"pocketshop", "floor", "peer"}
    assert (found["in_process"]["floor"]["ratio_to_floor"], found["in_process"]["peer"]["ratio_to_peer"]) == (1.0, 1.0)


@pytest.mark.slow
def test_learning_is_measured_on_logged_and_on_other_queries(
    feed: Path, tmp_path: Path, databases: Callable[[], list[str]]
) -> None:
    files = {"a.csv": KINDS[:8], "b.csv": KINDS[8:]}
    for name, kinds in files.items():
        lines = [f"{kind},{kind}-{color}-small,3" for kind in kinds for color in COLORS]
        (tmp_path / name).write_text("query,product_id,grade\n" + "\n".join(lines))
    judged = ("--log-judgments", tmp_path / "a.csv", "--test-judgments", tmp_path / "b.csv")
    arguments = ("--products", feed, *judged, "--sessions", 400, "--seeds", 1, "--steps", 2)
    found = json.loads(run("evaluate_learning", *arguments, "--json")[0])
    assert found["queries"] == {"seen": 8, "test": 8, "unrelated": 8}
    learners = {"before", "memory", "memory, naive", "adapter", "ranker", "encoder", "together"}
    assert set(found["learners"]) == learners
    before, memory = found["learners"]["before"], found["learners"]["memory"]
    assert memory["seen"]["ndcg@10"] > before["seen"]["ndcg@10"]  # the small ones are what shoppers choose
    assert memory["test"] == {**before["test"], "minus_before": {"mean": 0.0, "ci95": [0.0, 0.0]}}
    (seed,) = found["seeds"]
    assert (seed["sessions"], seed["clicks"] > 100) == (400, True)
    assert {"simulate", "memory", "adapter", "encoder: training", "encoder: embedding"} <= set(seed["seconds"])
    assert seed["gate"].startswith(("Promoted: ", "Not promoted: "))
    evaluation_database._connect_to(databases()[0])
    assert SearchQuery.objects.count() == 0  # nothing is left of it
    assert EncoderVersion.objects.count() == 1


@pytest.mark.slow
def test_a_ranker_is_measured_on_held_out_queries(
    feed: Path, tmp_path: Path, databases: Callable[[], list[str]]
) -> None:
    judgments = tmp_path / "judgments.csv"
    rows = [f"{color} {kind},{kind}-{color}-small,3" for kind in KINDS for color in COLORS[:2]]
    judgments.write_text("query,product_id,grade\n" + "\n".join(rows))
    lines = run("evaluate_ranker", "--products", feed, "--judgments", judgments, "--folds", 3)[0].splitlines()
    assert lines[0].startswith("32 queries, 3 folds; ")
    assert [line.split()[:2] for line in lines[1:8]] == [
        ["scores", "alone"], *(["ridge", ridge] for ridge in ("1", "3", "10", "30", "100")), ["chosen", "by"],
    ]  # fmt: skip
    assert lines[7].count(",") == 1 + 2  # of the interval, and of the three folds' ways
    assert [line.split()[0] for line in lines[10:]] == list(FEATURES)


def test_a_query_cannot_be_logged_and_tested(
    feed: Path, tmp_path: Path, databases: Callable[[], list[str]]
) -> None:
    judgments = tmp_path / "judgments.csv"
    judgments.write_text("query,product_id,grade\nkettle,kettle-red-small,3")
    with pytest.raises(CommandError, match="'kettle' is in both files"):
        run("evaluate_learning", "--products", feed, "--log-judgments", judgments, "--test-judgments", judgments)


def test_queries_are_unrelated_when_they_share_no_stem() -> None:
    def queries(*texts: str) -> list[GradedQuery]:
        return [GradedQuery(text, "en", {1: 3}) for text in texts]

    assert unrelated(queries("laptops", "camera bag", "tripod"), queries("laptop bag")) == queries("tripod")


@pytest.mark.parametrize(
    ("command", "arguments", "complaint"),
    [
        ("evaluate_search", ["--products", "p.csv"], "Give --judgments to measure"),
        ("evaluate_search", ["--products", "p.csv", "--judgments", "nowhere.csv"], "nowhere.csv cannot be read"),
        ("benchmark_search", ["--products", "p.csv", "--queries", "nowhere.txt"], "nowhere.txt cannot be read"),
        (
            "evaluate_learning",
            ["--products", "p.csv", "--log-judgments", "a.csv", "--test-judgments", "b.csv", "--seeds", "0"],
            "--seeds is 0; it must be at least 1.",
        ),
        ("benchmark_search", ["--products", "p.csv", "--queries", "q.txt", "--clients", "0"], "must be above zero"),
    ],
)
def test_bad_arguments_are_refused_with_a_sentence(command: str, arguments: list[str], complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        run(command, *arguments)


def test_a_missing_catalogue_is_refused(tmp_path: Path, databases: Callable[[], list[str]]) -> None:
    judgments = tmp_path / "j.csv"
    judgments.write_text("query,product_id,grade\nmug,1,3\n")
    with pytest.raises(CommandError, match=r"nowhere\.csv cannot be read: No such file"):
        run("evaluate_search", "--products", tmp_path / "nowhere.csv", "--judgments", judgments)
    assert databases() == []


@pytest.mark.slow
def test_only_the_latest_databases_are_kept(tmp_path: Path, databases: Callable[[], list[str]]) -> None:
    own = connection.settings_dict["NAME"]
    made = []
    for number in range(evaluation_database.KEPT + 1):
        feed = tmp_path / f"{number}.csv"
        feed.write_text(f"id,title,price\n{number},Mug,1.00\n")
        connection.close()
        connection.settings_dict["NAME"] = own
        made.append(evaluation_database.use_evaluation_database(feed, load=lambda path: None))
    assert databases() == sorted(made[1:])


def test_stages_are_read_from_server_timing() -> None:
    from search.benchmark.client import parsed_stages
    from search.benchmark.figures import timing

    assert parsed_stages("sql;dur=2.50, rank;dur=0.10") == {"sql": 2.5, "rank": 0.1}
    assert parsed_stages("") == {}
    laps = timing(list(np.arange(1.0, 102.0)))
    assert (laps.median_ms, laps.p95_ms, laps.n) == (51.0, 96.0, 101)
    assert timing([]).n == 0


def test_a_database_that_may_not_be_made_says_what_to_do(
    tmp_path: Path, databases: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = tmp_path / "feed.csv"
    feed.write_text("id,title,price\n1,Mug,1.00\n")
    with evaluation_database._store_server() as server:
        server.execute("DROP ROLE IF EXISTS clerk")
        server.execute("CREATE ROLE clerk LOGIN")
    monkeypatch.setitem(connection.settings_dict, "USER", "clerk")
    connection.close()
    try:
        with pytest.raises(evaluation_database.EvaluationDatabaseFailed, match=r"ALTER USER .* CREATEDB"):
            evaluation_database.use_evaluation_database(feed, load=lambda path: None)
    finally:
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "USER", "postgres")
        with evaluation_database._store_server() as server:
            server.execute("DROP ROLE clerk")
