"""Why is this third? A search told in plain words, and how one product is found: pages for merchants.

Both are `search_products`, as shoppers get it; the words are of search/telling.py and search/not_found.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from search.filters import ProductFilters
from search.models import SearchQuery
from search.not_found import why_not
from search.pipeline import SearchResults, search_products
from search.reasons import Reason
from search.telling import ToldHit, tell
from shop.catalog.admin.pictures import picture_address
from shop.catalog.models import Product, ProductImage

SHOWN = 24
MOST_PLACES = 1000  # a product's position is known up to here
MAX_QUERY = 200
PAGE = "admin/search/why.html"


@dataclass(frozen=True)
class Row:
    """One product with its reasons; `position` None where it is not found."""

    product: Any
    picture: str
    position: int | None
    reasons: tuple[Reason, ...]


def why_page(request: HttpRequest, model_admin: Any, product_id: str = "") -> HttpResponse:
    """Of a query: the first page, or only the product that was picked. `log` takes query and filters from the log."""
    logged = _logged(request.GET.get("log", ""))
    query = request.GET.get("q", logged.query if logged else "")[:MAX_QUERY].replace("\x00", "").strip()
    filters = filters_of_log(logged.filters) if logged else ProductFilters()
    picked = _number(product_id or request.GET.get("product", ""))
    product = Product.objects.filter(pk=picked).first()
    if product_id and product is None:
        raise Http404
    results = search_products(query, filters=filters, page_size=MOST_PLACES if picked else SHOWN) if query else None
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "How is this product found?" if picked else "Why is this third?",
        "opts": model_admin.opts,
        "product": product,
        "picks": not product_id,
        "query": query,
        "logged": logged,
        "filters": _filter_words(logged.filters) if logged else "",
        "results": results,
        "rows": _rows(results, picked) if results else (),
    }
    return TemplateResponse(request, PAGE, context)


def filters_of_log(logged: Mapping[str, Any]) -> ProductFilters:
    """The filters that a logged search had; what its words said is understood again."""
    return ProductFilters(
        category=logged.get("category", ""),
        brands=tuple(logged.get("brand", ())),
        price_min_cents=logged.get("price_min"),
        price_max_cents=logged.get("price_max"),
        rating_min=logged.get("rating"),
        in_stock=bool(logged.get("in_stock")),
        attributes=tuple((key, value) for key, value in logged.get("attr", ())),
    )


def _rows(results: SearchResults, picked: int | None) -> tuple[Row, ...]:
    """All hits, or the product that was picked, found or not."""
    if picked is None:
        return _shown(tell(results))
    return _shown(tell(results, [picked]) or [ToldHit(picked, None, why_not(picked, results))])


def _shown(told: Sequence[ToldHit]) -> tuple[Row, ...]:
    """With titles and first pictures; one SQL query."""
    pictures = ProductImage.objects.filter(product=OuterRef("pk")).order_by("position", "id")
    products: dict[int, Any] = Product.objects.annotate(picture=Subquery(pictures.values("checksum")[:1])).in_bulk(
        [hit.product_id for hit in told]
    )
    return tuple(
        Row(product, picture_address(product.picture) if product.picture else "", hit.position, hit.reasons)
        for hit in told
        if (product := products.get(hit.product_id))
    )


def _logged(query_id: str) -> SearchQuery | None:
    try:
        return SearchQuery.objects.filter(pk=UUID(query_id)).first() if query_id else None
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def _filter_words(filters: Mapping[str, Any]) -> str:
    """As the log has them, for the merchant to see that they hold."""
    return ", ".join(f"{name.replace('_', ' ')}: {_value(value)}" for name, value in filters.items())


def _value(value: Any) -> str:
    parts = value if isinstance(value, list) else [value]
    return " or ".join(" = ".join(part) if isinstance(part, list) else str(part) for part in parts)
