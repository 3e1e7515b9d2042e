"""The two losses that an encoder is fine-tuned with, on embeddings of queries and products.

InfoNCE (van den Oord et al. 2018): the positive against the products of all other examples of the batch and a hard
negative, without those that answer the query too. Listwise cross-entropy (Cao et al. 2007): the chosen product against
the others that were shown. Both divide cosines by a temperature: differences of cosines are small, and without one the
listwise loss does harm (search/EXPERIMENTS.md).
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize

from search.training_set import TrainingSet


class MaskedInfoNCE(torch.nn.Module):
    """Columns: query, positive, negative; a label is the example's number in the training set."""

    def __init__(self, model: Any, training_set: TrainingSet, negatives: Sequence[int], temperature: float) -> None:
        super().__init__()
        self.model = model
        self._set = training_set
        self._negatives = negatives  # of each example, the product whose text stands in the third column
        self._temperature = temperature

    def forward(self, sentence_features: Sequence[dict[str, Tensor]], labels: Tensor) -> Tensor:
        query, positive, negative = (_unit(self.model, one) for one in sentence_features)
        documents = torch.cat([positive, negative])  # (2b, d)
        scores = query @ documents.T / self._temperature  # (b, 2b)
        numbers = labels.tolist()
        scores = scores.masked_fill(self._excused(numbers).to(scores.device), float("-inf"))
        losses = cross_entropy(scores, torch.arange(len(numbers), device=scores.device), reduction="none")  # (b,)
        weights = torch.tensor([self._set.examples[number].weight for number in numbers], device=scores.device)
        return (losses * weights).sum() / weights.sum()

    def _excused(self, numbers: Sequence[int]) -> Tensor:
        """(b, 2b): documents that may answer the query of a row, apart from its positive."""
        examples = [self._set.examples[number] for number in numbers]
        documents = [example.positive for example in examples] + [self._negatives[number] for number in numbers]
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
