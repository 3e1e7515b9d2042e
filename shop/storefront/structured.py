"""JSON-LD in the words of schema.org: what a page is about, for search engines."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shop.storefront.addresses import Page, localized

Absolute = Callable[[str], str]
_CONTEXT = "https://schema.org"
_AVAILABILITY = {"in_stock": "InStock", "low_stock": "LimitedAvailability", "out_of_stock": "OutOfStock"}


def product_of(absolute: Absolute, page: Page, product: Mapping[str, Any]) -> dict[str, Any]:
    """A Product with its offer, and its rating where it has one."""
    cents = product["price_cents"] if product["sale_price_cents"] is None else product["sale_price_cents"]
    address = absolute(page.address(page.language))
    thing = {
        "@context": _CONTEXT,
        "@type": "Product",
        "name": product["title"],
        "description": product["description"],
        "sku": product["sku"],
        "url": address,
        "image": [absolute(_largest(picture)) for picture in product["images"]],
        "offers": {
            "@type": "Offer",
            "url": address,
            "price": f"{cents // 100}.{cents % 100:02d}",
            "priceCurrency": product["currency"],
            "availability": f"{_CONTEXT}/{_AVAILABILITY[product['stock_status']]}",
            "itemCondition": f"{_CONTEXT}/NewCondition",
        },
        **{name: product[name] for name in ("gtin", "mpn") if product[name]},
    }
    if product["brand"]:
        thing["brand"] = {"@type": "Brand", "name": product["brand"]}
    if product["rating_count"]:
        thing["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": product["rating_average"],
            "reviewCount": product["rating_count"],
        }
    return thing


def breadcrumbs_of(absolute: Absolute, page: Page, crumbs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A BreadcrumbList from the home page's departments down."""
    items = [
        {
            "@type": "ListItem",
            "position": position,
            "name": crumb["name"],
            "item": absolute(localized(f"/category/{crumb['slug']}", page.language)),
        }
        for position, crumb in enumerate(crumbs, start=1)
    ]
    return {"@context": _CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}


def website_of(absolute: Absolute, page: Page, store: str) -> dict[str, Any]:
    """The WebSite, and how to search in it."""
    search = absolute(localized("/search", page.language))
    return {
        "@context": _CONTEXT,
        "@type": "WebSite",
        "name": store,
        "url": absolute(page.address(page.language)),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def _largest(picture: Mapping[str, Any]) -> str:
    return str(picture["src"].format(w=picture["widths"][-1], f=picture["formats"][-1]))
