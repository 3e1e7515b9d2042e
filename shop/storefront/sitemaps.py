"""sitemap.xml, for search engines: every page that they should show, in both languages; and robots.txt."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from search.categories import category_tree
from shop.catalog.models import Product
from shop.storefront.addresses import localized

PAGE = 10_000  # addresses in one file; the protocol allows 50,000


class _StoreSitemap(Sitemap):
    i18n = alternates = x_default = True
    limit = PAGE

    def location(self, item: str) -> str:
        return localized(item, "zh" if str(get_language()).startswith("zh") else "en")


class Pages(_StoreSitemap):
    def items(self) -> list[str]:
        return ["/", "/browse"]


class Categories(_StoreSitemap):
    def items(self) -> list[str]:
        """Those with something for sale in them or below."""
        tree = category_tree()
        sold = Product.objects.filter(is_active=True, category__isnull=False).values_list("category", flat=True)
        shown = {pk for category_id in sold.distinct().order_by() for pk in tree.path(category_id)}
        return sorted(f"/category/{tree.slug(pk)}" for pk in shown)


class Products(Sitemap):
    i18n = alternates = x_default = True
    limit = PAGE

    def items(self) -> QuerySet[Product, tuple[int, datetime]]:
        return Product.objects.filter(is_active=True).order_by("pk").values_list("pk", "updated_at")

    def location(self, item: tuple[int, datetime]) -> str:
        return localized(f"/product/{item[0]}", "zh" if str(get_language()).startswith("zh") else "en")

    def lastmod(self, item: tuple[int, datetime]) -> datetime:
        return item[1]


SITEMAPS = {"pages": Pages, "categories": Categories, "products": Products}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything but the admin may be read; what should not be shown says so itself."""
    sitemap = request.build_absolute_uri("/sitemap.xml")
    text = f"User-agent: *\nDisallow: /admin/\nDisallow: /api/docs/\n\nSitemap: {sitemap}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
