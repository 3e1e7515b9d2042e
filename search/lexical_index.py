"""Writes the BM25 index: terms, document frequencies, and one row a product with its share of the weights.

Writers take turns by an advisory lock that lasts for one batch, so document frequencies stay true whatever happens
at the same time. Weights use an average length; when the true one has drifted, all weights are computed again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from pgvector import SparseVector

from search.bm25 import DIMENSIONS, document_weights
from search.models import LexicalDocument, LexicalField, LexicalTerm
from search.product_text import TEXT_VERSION

WRITER_LOCK = 7_041_001  # advisory lock: one writer of the index at a time
DRIFT = 0.02  # of the average length; below it scores move by less than 1 %
REFRESH_BATCH = 2000


@dataclass(frozen=True)
class Document:
    """One product ready to be indexed."""

    product_id: int
    terms: Sequence[str]
    chinese_terms: Sequence[str]
    facet_ids: Sequence[int]
    source_updated_at: datetime


def write_documents(documents: Sequence[Document]) -> int:
    """Inserts or replaces the rows of these products. A row that was read later already is kept. Returns the writes."""
    with transaction.atomic():
        _take_writer_lock()
        known = {
            row["product_id"]: row
            for row in LexicalDocument.objects.filter(product_id__in=[d.product_id for d in documents]).values(
                "product_id", "term_ids", "text_length", "zh_length", "source_updated_at"
            )
        }
        newer = [
            document
            for document in documents
            if document.product_id not in known
            or known[document.product_id]["source_updated_at"] <= document.source_updated_at
        ]
        term_ids = _term_ids(term for d in newer for term in (*d.terms, *d.chinese_terms))
        rows = [_row(document, term_ids) for document in newer]
        replaced = [known[row.product_id] for row in rows if row.product_id in known]
        _count(rows, replaced)
        averages = _average_lengths()
        for row in rows:
            row.weights = _weights(row, averages)
        LexicalDocument.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["product"],
            update_fields=[
                "term_ids", "term_counts", "text_terms", "text_length", "zh_length", "weights", "facet_ids",
                "text_version", "source_updated_at",
            ],
        )  # fmt: skip
    return len(rows)


def remove_documents(product_ids: Iterable[int]) -> int:
    """Takes products out of the index, their words out of the statistics."""
    with transaction.atomic():
        _take_writer_lock()
        rows = LexicalDocument.objects.filter(product_id__in=list(product_ids))
        removed = list(rows.values("product_id", "term_ids", "text_length", "zh_length"))
        rows.delete()
        _count([], removed)
    return len(removed)


def refresh_weights(*, drift: float = DRIFT) -> int:
    """Recomputes every document's weights if the average length moved by more than `drift`; returns the rows."""
    with transaction.atomic():
        _take_writer_lock()
        fields = list(LexicalField.objects.all())
        if not any(_has_drifted(field, drift) for field in fields):
            return 0
        LexicalField.objects.update(indexed_average_length=_average())
        averages = _average_lengths()
        done, last = 0, 0
        while rows := list(LexicalDocument.objects.filter(product_id__gt=last).order_by("product_id")[:REFRESH_BATCH]):
            for row in rows:
                row.weights = _weights(row, averages)
            LexicalDocument.objects.bulk_update(rows, ["weights"], batch_size=500)
            done, last = done + len(rows), rows[-1].product_id
    return done


def _take_writer_lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])


def _term_ids(found: Iterable[str]) -> dict[str, int]:
    names = sorted(set(found))
    known = dict(LexicalTerm.objects.filter(term__in=names).values_list("term", "id"))
    missing = [LexicalTerm(term=name) for name in names if name not in known]
    LexicalTerm.objects.bulk_create(missing, batch_size=5000)
    return known | {row.term: row.id for row in missing}


def _row(document: Document, term_ids: dict[str, int]) -> LexicalDocument:
    text, chinese = Counter(document.terms), Counter(document.chinese_terms)
    return LexicalDocument(
        product_id=document.product_id,
        term_ids=[term_ids[term] for term in (*text, *chinese)],
        term_counts=[*text.values(), *chinese.values()],
        text_terms=len(text),
        text_length=len(document.terms),
        zh_length=len(document.chinese_terms),
        facet_ids=list(document.facet_ids),
        text_version=TEXT_VERSION,
        source_updated_at=document.source_updated_at,
    )


def _count(added: Sequence[LexicalDocument], removed: Sequence[Mapping[str, Any]]) -> None:
    """Moves document frequencies and lengths from the removed rows to the added ones."""
    change: Counter[int] = Counter()
    for row in added:
        change.update(row.term_ids)
    for gone in removed:
        change.subtract(gone["term_ids"])
    changes = sorted((term, by) for term, by in change.items() if by)
    if changes:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE search_lexicalterm AS t SET document_frequency = t.document_frequency + c.by "
                "FROM unnest(%s::int[], %s::int[]) AS c(id, by) WHERE t.id = c.id",
                [[term for term, _ in changes], [by for _, by in changes]],
            )
    for name, length in (("text", "text_length"), ("zh", "zh_length")):
        new = [getattr(row, length) for row in added]
        old = [gone[length] for gone in removed]
        field, _ = LexicalField.objects.get_or_create(name=name)
        LexicalField.objects.filter(pk=field.pk).update(
            document_count=F("document_count") + sum(map(bool, new)) - sum(map(bool, old)),
            total_length=F("total_length") + sum(new) - sum(old),
        )
    LexicalField.objects.filter(indexed_average_length=0).update(indexed_average_length=_average())


def _average() -> Any:
    """Total length over documents, 0 when there are none, as SQL."""
    from django.db.models import Case, FloatField, Value, When
    from django.db.models.functions import Cast

    mean = Cast(F("total_length"), FloatField()) / Cast(F("document_count"), FloatField())
    return Case(When(document_count__gt=0, then=mean), default=Value(0.0))


def _average_lengths() -> dict[str, float]:
    return dict(LexicalField.objects.values_list("name", "indexed_average_length"))


def _has_drifted(field: LexicalField, drift: float) -> bool:
    true = field.total_length / field.document_count if field.document_count else 0.0
    return abs(true - field.indexed_average_length) > drift * max(true, 1e-9)


def _weights(row: LexicalDocument, averages: dict[str, float]) -> SparseVector:
    text = document_weights(
        row.term_counts[: row.text_terms], length=row.text_length, average_length=averages["text"]
    )
    chinese = document_weights(row.term_counts[row.text_terms :], length=row.zh_length, average_length=averages["zh"])
    # pgvector's SparseVector counts dimensions from 0, the stored text from 1: term id t is dimension t - 1.
    return SparseVector(dict(zip((i - 1 for i in row.term_ids), text + chinese, strict=True)), DIMENSIONS)
