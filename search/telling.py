"""A page of results told in plain words: what the admin's page shows of a search."""

from collections.abc import Sequence
from dataclasses import dataclass

from search.explain import explain
from search.explanation import ExplainedHit
from search.index import product_texts
from search.models import ProductEmbedding
from search.pipeline import SearchResults
from search.reasons import Reason, reasons


@dataclass(frozen=True)
class ToldHit:
    """A product with its reasons; `position` None where it is not among the hits."""

    product_id: int
    position: int | None
    reasons: tuple[Reason, ...]


def tell(results: SearchResults, product_ids: Sequence[int] | None = None) -> tuple[ToldHit, ...]:
    """The hits of the page, or those of these products among them, with reasons. Four SQL queries, however many."""
    explanation = explain(results)
    wanted = {hit.product_id for hit in results.hits} if product_ids is None else set(product_ids)
    texts = product_texts(sorted(wanted))
    products = ProductEmbedding.objects.filter(version=results.version_id, is_for_sale=True).count()
    before: tuple[ExplainedHit | None, ...] = (None, *explanation.hits)
    return tuple(
        ToldHit(
            hit.product_id,
            hit.position,
            reasons(hit, above, texts[hit.product_id], explanation, products=products),
        )
        for above, hit in zip(before, explanation.hits, strict=False)
        if hit.product_id in texts
    )
