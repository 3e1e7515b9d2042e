"""The losses against their definitions, computed example by example in NumPy, and two by hand."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from search.training_set import Example, TrainedProduct, TrainingSet

pytestmark = pytest.mark.slow  # torch is imported

rng = np.random.default_rng(4)


def encoder() -> Any:
    """Takes the rows that it is given for embeddings, as they are."""
    import torch

    class Given(torch.nn.Module):
        def forward(self, features: dict[str, Any]) -> dict[str, Any]:
            return {"sentence_embedding": features["rows"]}

    return Given()


def columns(*arrays: np.ndarray) -> list[dict[str, Any]]:
    import torch

    return [{"rows": torch.tensor(rows, dtype=torch.float32)} for rows in arrays]


def info_nce(
    training_set: TrainingSet, negatives: Sequence[int], arrays: Sequence[np.ndarray], labels: Sequence[int], t: float
) -> float:
    import torch

    from search.losses import MaskedInfoNCE

    loss = MaskedInfoNCE(encoder(), training_set, negatives, t)
    return float(loss(columns(*arrays), torch.tensor(labels)))


def by_definition(
    training_set: TrainingSet, negatives: Sequence[int], arrays: Sequence[np.ndarray], labels: Sequence[int], t: float
) -> float:
    """-log(e^s+ / (e^s+ + sum of e^s over documents that do not answer the query)), weighted."""
    queries, positives, others = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in arrays)
    documents = [(training_set.examples[n].positive, row) for n, row in zip(labels, positives, strict=True)]
    documents += [(negatives[n], row) for n, row in zip(labels, others, strict=True)]
    total = weights = 0.0
    for place, number in enumerate(labels):
        example = training_set.examples[number]
        own = math.exp(queries[place] @ positives[place] / t)
        rest = sum(
            math.exp(queries[place] @ row / t)
            for column, (pk, row) in enumerate(documents)
            if column != place and not training_set.answers(example, pk)
        )
        total += example.weight * -math.log(own / (own + rest))
        weights += example.weight
    return total / weights


def products(**traits: str) -> dict[int, TrainedProduct]:
    return {int(name[1:]): TrainedProduct((), frozenset(words.split())) for name, words in traits.items()}


def test_two_examples_by_hand() -> None:
    """Each query is its positive; the other's is at a right angle, and so are both negatives: 3 of cosine 0.

    With a temperature of 1: -log(e / (e + 3)).
    """
    found = TrainingSet((Example("a", 1), Example("b", 2)), products(p1="", p2="", p3="", p4=""))
    e = np.eye(4)
    loss = info_nce(found, [3, 4], (e[:2], e[:2], e[2:]), [0, 1], 1.0)
    assert loss == pytest.approx(-math.log(math.e / (math.e + 3)))


def test_what_answers_the_query_too_is_left_out() -> None:
    """Of the three others the second positive is excused for the first query only."""
    examples = (Example("a", 1, excuses=(frozenset({"is:mug"}),)), Example("b", 2))
    found = TrainingSet(examples, products(p1="", p2="is:mug", p3="", p4=""))
    e = np.eye(4)
    loss = info_nce(found, [3, 4], (e[:2], e[:2], e[2:]), [0, 1], 1.0)
    two, three = -math.log(math.e / (math.e + 2)), -math.log(math.e / (math.e + 3))
    assert loss == pytest.approx((two + three) / 2)


def test_a_weight_counts_within_its_batch() -> None:
    examples = (Example("a", 1, weight=3.0, excuses=(frozenset({"is:mug"}),)), Example("b", 2, weight=1.0))
    found = TrainingSet(examples, products(p1="", p2="is:mug", p3="", p4=""))
    e = np.eye(4)
    loss = info_nce(found, [3, 4], (e[:2], e[:2], e[2:]), [0, 1], 1.0)
    two, three = -math.log(math.e / (math.e + 2)), -math.log(math.e / (math.e + 3))
    assert loss == pytest.approx((3 * two + three) / 4)


def test_the_same_product_twice_in_a_batch_is_no_negative_of_itself() -> None:
    found = TrainingSet((Example("a", 1), Example("b", 1)), products(p1="", p3="", p4=""))
    e = np.eye(4)
    loss = info_nce(found, [3, 4], (e[:2], np.stack([e[0], e[0]]), e[2:]), [0, 1], 1.0)
    first = -math.log(math.e / (math.e + 2))  # the two negatives
    second = -math.log(1 / 3)  # a positive at a right angle, and the two negatives
    assert loss == pytest.approx((first + second) / 2)


@pytest.mark.parametrize("temperature", [0.05, 1.0])
def test_random_batches_are_as_by_definition(temperature: float) -> None:
    kinds = ["is:mug", "is:lamp", "is:mug w:red", "w:red", ""]
    known = {pk: TrainedProduct((), frozenset(kinds[pk % 5].split())) for pk in range(20)}
    excuses = (frozenset({"is:mug"}), frozenset({"is:lamp", "w:red"}))
    examples = tuple(
        Example(f"q{n}", int(rng.integers(20)), weight=float(rng.uniform(0.2, 3)), excuses=excuses[: n % 3])
        for n in range(12)
    )
    negatives = [int(pk) for pk in rng.integers(20, size=12)]
    labels = [int(n) for n in rng.permutation(12)[:8]]
    arrays = [rng.normal(size=(8, 16)) for _ in range(3)]
    found = TrainingSet(examples, known)
    expected = by_definition(found, negatives, arrays, labels, temperature)
    assert info_nce(found, negatives, arrays, labels, temperature) == pytest.approx(expected, rel=1e-4)


def test_the_gradient_moves_a_query_to_its_positive_and_not_away_from_what_is_excused() -> None:
    import torch

    from search.losses import MaskedInfoNCE

    found = TrainingSet(
        (Example("a", 1, excuses=(frozenset({"is:mug"}),)), Example("b", 2)), products(p1="", p2="is:mug", p3="", p4="")
    )
    rows = torch.tensor([[0.5, 0.5, 0.5, 0.5], [0.0, 1.0, 0.0, 0.0]], requires_grad=True)
    positive, negative = (torch.tensor(np.eye(4)[part], dtype=torch.float32) for part in (slice(0, 2), slice(2, 4)))
    loss = MaskedInfoNCE(encoder(), found, [3, 4], 0.5)
    loss([{"rows": rows}, {"rows": positive}, {"rows": negative}], torch.tensor([0, 1])).backward()
    direction = -rows.grad[0]
    assert direction[0] > 0  # its positive
    assert max(direction[2:]) < 0  # the negatives
    assert direction[1] > direction[2]  # the excused one only loses by the length


def test_listwise_by_hand() -> None:
    """Cosines 1, 0 and 0 with a temperature of 1, the chosen one in the second place: -log(1 / (e + 2))."""
    import torch

    from search.losses import ListwiseCrossEntropy

    e = np.eye(3)
    loss = ListwiseCrossEntropy(encoder(), 1.0)(columns(e[:1], e[:1], e[1:2], e[2:]), torch.tensor([1]))
    assert float(loss) == pytest.approx(-math.log(1 / (math.e + 2)))


def test_random_lists_are_as_by_definition() -> None:
    import torch

    from search.losses import ListwiseCrossEntropy

    arrays = [rng.normal(size=(6, 16)) for _ in range(9)]  # a query and eight that were shown
    labels = [int(place) for place in rng.integers(8, size=6)]
    unit = [rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in arrays]
    expected = 0.0
    for row, place in enumerate(labels):
        scores = [unit[0][row] @ shown[row] / 0.05 for shown in unit[1:]]
        expected -= (scores[place] - math.log(sum(map(math.exp, scores)))) / len(labels)
    found = ListwiseCrossEntropy(encoder(), 0.05)(columns(*arrays), torch.tensor(labels))
    assert float(found) == pytest.approx(expected, rel=1e-4)


def views(**texts: str) -> dict[int, TrainedProduct]:
    return {int(name[1:]): TrainedProduct((text,)) for name, text in texts.items()}


def test_queries_made_of_the_catalogue_are_held_to_the_parent() -> None:
    """The first of two queries is of clicks: its own loss, and the divergence of the other's shares."""
    import torch

    from search.losses import MaskedInfoNCE

    examples = (Example("a", 1, source="clicks"), Example("b", 2))
    found = TrainingSet(examples, views(p1="one", p2="two", p3="three", p4="four"))
    arrays = [rng.normal(size=(2, 8)) for _ in range(3)]
    query, *documents = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in arrays)
    texts = ("one", "two", "three", "four")
    then = {text: row / np.linalg.norm(row) for text, row in zip(("b", *texts), rng.normal(size=(5, 8)), strict=True)}
    before = {text: torch.tensor(row, dtype=torch.float32) for text, row in then.items()}

    def shares(cosines: np.ndarray) -> np.ndarray:
        return np.asarray(np.exp(cosines / 0.5) / np.exp(cosines / 0.5).sum())

    now = [shares(np.concatenate(documents) @ row) for row in query]
    parents = shares(np.array([then[text] @ then["b"] for text in texts]))
    clicked, own = -math.log(now[0][0]), -math.log(now[1][1])
    divergence = float((parents * np.log(parents / now[1])).sum())
    for anchor, second in ((1.0, divergence), (0.25, 0.75 * own + 0.25 * divergence), (0.0, own)):
        loss = MaskedInfoNCE(encoder(), found, [3, 4], 0.5, before=before, anchor=anchor)
        value = loss(columns(*arrays), torch.tensor([0, 1])).item()
        assert value == pytest.approx((clicked + second) / 2, rel=1e-4)


def test_what_shoppers_clicked_for_is_held_to_nothing() -> None:
    """Also where a text of that name is known from before."""
    import torch

    from search.losses import MaskedInfoNCE

    found = TrainingSet(
        (Example("a", 1, source="clicks"), Example("b", 2, source="replay")), views(p1="a", p2="b", p3="c", p4="d")
    )
    e = np.eye(4)
    before = {text: torch.tensor(e[0]) for text in "abcd"}
    loss = MaskedInfoNCE(encoder(), found, [3, 4], 1.0, before=before, anchor=1.0)
    value = loss(columns(e[:2], e[:2], e[2:]), torch.tensor([0, 1])).item()
    assert value == pytest.approx(-math.log(math.e / (math.e + 3)))
