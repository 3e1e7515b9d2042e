"""The two losses that an encoder is fine-tuned with, on embeddings of queries and products.

InfoNCE (van den Oord et al. 2018): the positive against the products of all other examples of the batch and a hard
negative, without those that answer the query too. Queries made of the catalogue may be held to what the parent makes of
them instead (learning without forgetting, Li & Hoiem 2016). Listwise cross-entropy (Cao et al. 2007): the chosen
product against the others that were shown. Both divide cosines by a temperature: differences of cosines are small, and
without one the listwise loss does harm (search/EXPERIMENTS.md).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, kl_div, normalize

from search.training_set import TrainingSet


class MaskedInfoNCE(torch.nn.Module):
    """Columns: query, positive, negative; a label is the example's number in the training set.

    Examples whose query is in `before` are held to the parent's answers by `anchor`, 0 to 1: `before` has the parent's
    unit vectors of these queries and of all products' texts that stand beside them.
    """

    def __init__(
        self,
        model: Any,
        training_set: TrainingSet,
        negatives: Sequence[int],
        temperature: float,
        *,
        before: Mapping[str, Tensor] | None = None,
        anchor: float = 0.0,
    ) -> None:
        super().__init__()
        self.model = model
        self._set = training_set
        self._negatives = negatives  # of each example, the product whose text stands in the third column
        self._temperature = temperature
        self._before = before or {}
        self._anchor = anchor if before else 0.0

    def forward(self, sentence_features: Sequence[dict[str, Tensor]], labels: Tensor) -> Tensor:
        query, positive, negative = (_unit(self.model, one) for one in sentence_features)
        documents = torch.cat([positive, negative])  # (2b, d)
        cosines = query @ documents.T / self._temperature  # (b, 2b)
        numbers = labels.tolist()
        scores = cosines.masked_fill(self._excused(numbers).to(cosines.device), float("-inf"))
        losses = cross_entropy(scores, torch.arange(len(numbers), device=scores.device), reduction="none")  # (b,)
        if self._anchor:
            losses = self._held(losses, cosines, numbers)
        weights = torch.tensor([self._set.examples[number].weight for number in numbers], device=scores.device)
        return (losses * weights).sum() / weights.sum()

    def _held(self, losses: Tensor, cosines: Tensor, numbers: Sequence[int]) -> Tensor:
        """(b,) losses, those of anchored queries mixed with how far their documents' shares are from the parent's."""
        examples = [self._set.examples[number] for number in numbers]
        made = {row: example.query for row, example in enumerate(examples) if example.is_made}
        rows = [row for row, query in made.items() if query in self._before]
        if not rows:
            return losses
        columns = zip(self._documents(numbers), [*numbers, *numbers], strict=True)
        documents = torch.stack([self._before[self._set.view(pk, number)] for pk, number in columns])
        before = torch.stack([self._before[made[row]] for row in rows]) @ documents.T
        now, then = (found.log_softmax(dim=1) for found in (cosines[rows], before.to(cosines) / self._temperature))
        divergence = kl_div(now, then, reduction="none", log_target=True).sum(dim=1)
        held = losses.clone()
        held[rows] = (1 - self._anchor) * losses[rows] + self._anchor * divergence
        return held

    def _documents(self, numbers: Sequence[int]) -> list[int]:
        """The products of the 2b columns."""
        positives = [self._set.examples[number].positive for number in numbers]
        return positives + [self._negatives[number] for number in numbers]

    def _excused(self, numbers: Sequence[int]) -> Tensor:
        """(b, 2b): documents that may answer the query of a row, apart from its positive."""
        examples, documents = [self._set.examples[number] for number in numbers], self._documents(numbers)
        return torch.tensor(
            [
                [column != row and self._set.answers(example, pk) for column, pk in enumerate(documents)]
                for row, example in enumerate(examples)
            ]
        )


class ListwiseCrossEntropy(torch.nn.Module):
    """Columns: query, then the products that were shown; a label is the place of the chosen one."""

    def __init__(self, model: Any, temperature: float) -> None:
        super().__init__()
        self.model = model
        self._temperature = temperature

    def forward(self, sentence_features: Sequence[dict[str, Tensor]], labels: Tensor) -> Tensor:
        query, *shown = (_unit(self.model, one) for one in sentence_features)
        documents = torch.stack(shown, dim=1)  # (b, n, d)
        scores = torch.einsum("bd,bnd->bn", query, documents) / self._temperature  # (b, n)
        return cross_entropy(scores, labels.long())


def _unit(model: Any, features: dict[str, Tensor]) -> Tensor:
    """(b, d) unit rows in single precision, also where the model computes in half."""
    return normalize(model(features)["sentence_embedding"].float())
