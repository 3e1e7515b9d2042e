"""Whether a product's index rows are as new as the product itself; for lists, filters and the form."""

from datetime import UTC, datetime

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Least

from search.models import LexicalDocument, ProductEmbedding
from search.product_text import TEXT_VERSION
from shop.catalog.models import Product

FRESH, STALE, MISSING, INACTIVE = "fresh", "stale", "missing", "inactive"
STATES = (
    (FRESH, "Fresh: search knows its newest version"),
    (STALE, "Stale: edited since, about to be indexed"),
    (MISSING, "Missing: not indexed yet"),
)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # rows of an older text version are older than any product
_AS_OF = Case(When(text_version=TEXT_VERSION, then=F("source_updated_at")), default=Value(_LONG_AGO))
COLORS = {FRESH: "success", STALE: "warning", MISSING: "danger", INACTIVE: ""}


def with_freshness(products: QuerySet[Product]) -> QuerySet[Product]:
    """The same with `freshness`: its words and its vector under the active version, against `updated_at`."""
    embedded = ProductEmbedding.objects.filter(product=OuterRef("pk"), version__is_active=True)
    lexical = LexicalDocument.objects.filter(product=OuterRef("pk"))
    state = Case(
        When(is_active=False, then=Value(INACTIVE)),
        When(Q(embedded_as_of__isnull=True) | Q(indexed_as_of__isnull=True), then=Value(MISSING)),
        When(indexed_oldest__lt=F("updated_at"), then=Value(STALE)),
        default=Value(FRESH),
        output_field=CharField(),
    )
    return products.annotate(
        embedded_as_of=Subquery(embedded.annotate(as_of=_AS_OF).values("as_of")[:1]),
        indexed_as_of=Subquery(lexical.annotate(as_of=_AS_OF).values("as_of")[:1]),
    ).annotate(indexed_oldest=Least("embedded_as_of", "indexed_as_of")).annotate(freshness=state)
