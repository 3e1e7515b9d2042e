"""Results before and after the rules, side by side, each in a frame as wide as a phone.

For one rule: without it, and with it as it is saved, even if it is switched off or not due yet; all other rules hold
on both sides. Without one: no rules, and all that are running. Both sides are `search_products`, as shoppers get it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from search.categories import category_tree
from search.filters import ProductFilters
from search.merchandising import steer
from search.pipeline import SearchResults, search_products
from search.rule_models import MerchandisingRule
from search.rules import Rule, read_rules
from shop.catalog.admin.pictures import picture_address
from shop.catalog.labels import money
from shop.catalog.models import Category, Product, ProductImage

SHOWN = 24
MAX_QUERY = 200


@dataclass(frozen=True)
class Row:
    """One result as the preview shows it; `badges` are (kind, words)."""

    position: int
    product_id: int
    title: str
    picture: str
    price: str
    badges: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Side:
    """One of the two phones."""

    heading: str
    results: SearchResults
    rows: tuple[Row, ...]


def preview_page(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """The page, or (`part`) only its two lists, for typing without a reload."""
    rule = _asked_rule(request.GET.get("rule", ""))
    query = request.GET.get("q", _query_of(rule))[:MAX_QUERY].strip()
    slug = request.GET.get("category", rule.category.slug if rule and rule.category and not query else "")
    context: dict[str, Any] = {
        "sides": _sides(query, slug, rule),
        "query": query,
        "category": slug,
        "category_name": _category_name(slug),
        "rule": rule,
    }
    if "part" in request.GET:
        return TemplateResponse(request, "admin/search/preview_sides.html", context)
    context |= {
        **model_admin.admin_site.each_context(request),
        "title": f"Preview of “{rule}”" if rule else "Preview of all rules",
        "opts": model_admin.opts,
        "categories": Category.objects.order_by("name").values_list("slug", "name"),
    }
    return TemplateResponse(request, "admin/search/preview.html", context)


def _asked_rule(number: str) -> MerchandisingRule | None:
    if not number.isdecimal() or len(number) > 18:
        return None
    return MerchandisingRule.objects.select_related("category").filter(pk=number).first()


def _query_of(rule: MerchandisingRule | None) -> str:
    return (rule.query or rule.product_type) if rule else ""


def _category_name(slug: str) -> str:
    return Category.objects.filter(slug=slug).values_list("name", flat=True).first() or "" if slug else ""


def _sides(query: str, slug: str, rule: MerchandisingRule | None) -> tuple[Side, Side]:
    """Before and after."""
    before_rules, after_rules = _rule_sets(rule)
    filters = ProductFilters(category=slug)
    before, after = (
        search_products(query, filters=filters, page_size=SHOWN, rules=chosen) for chosen in (before_rules, after_rules)
    )
    texts = (query, after.understood.text)
    steering = steer(texts, category_id=category_tree().id_of(slug), rules=after_rules)
    was = {hit.product_id: hit.position for hit in before.hits}
    products = _products({hit.product_id for hit in (*before.hits, *after.hits)})
    gone = dict.fromkeys(steering.hidden, (("hidden", "Hidden"),))
    marks = {pk: _marks(pk, position, was, steering.pinned) for pk, position in _positions(after).items()}
    without, with_ = ("Without this rule", "With this rule") if rule else ("Without rules", "With all rules")
    return Side(without, before, _rows(before, products, gone)), Side(with_, after, _rows(after, products, marks))


def _rule_sets(rule: MerchandisingRule | None) -> tuple[list[Rule], list[Rule]]:
    today = timezone.localdate()
    found = read_rules(MerchandisingRule.objects.filter(Q(is_active=True) | Q(pk=rule.pk if rule else None)))
    own = rule.pk if rule else None
    others = [one for one in found if one.rule_id != own and one.is_current(today)]
    both = [one for one in found if one.rule_id == own or one.is_current(today)]
    return (others if rule else []), both


def _positions(results: SearchResults) -> dict[int, int]:
    return {hit.product_id: hit.position for hit in results.hits}


def _marks(product_id: int, position: int, was: Mapping[int, int], pinned: list[int]) -> tuple[tuple[str, str], ...]:
    """Pinned, and how far it moved."""
    found = [("pinned", "Pinned")] if product_id in pinned else []
    up = was.get(product_id, position) - position
    if product_id not in was:
        found.append(("new", "New here"))
    elif up:
        found.append(("up", f"▲ {up}") if up > 0 else ("down", f"▼ {-up}"))
    return tuple(found)


def _products(product_ids: set[int]) -> dict[int, Any]:
    """With the first picture of each; one SQL query."""
    pictures = ProductImage.objects.filter(product=OuterRef("pk")).order_by("position", "id")
    return Product.objects.annotate(picture=Subquery(pictures.values("checksum")[:1])).in_bulk(product_ids)


def _rows(
    results: SearchResults, products: Mapping[int, Any], badges: Mapping[int, tuple[tuple[str, str], ...]]
) -> tuple[Row, ...]:
    return tuple(
        Row(
            position=hit.position,
            product_id=hit.product_id,
            title=product.title,
            picture=picture_address(product.picture) if product.picture else "",
            price=money(product.current_price_cents, settings.STORE_CURRENCY),
            badges=badges.get(hit.product_id, ()),
        )
        for hit in results.hits
        if (product := products.get(hit.product_id)) is not None
    )
