"""Every address that Django answers."""

from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from shop.catalog.pictures import rendition
from shop.health import healthz
from shop.search_pack import search_pack
from shop.storefront.sitemaps import SITEMAPS, robots
from shop.storefront.views import storefront

urlpatterns = [
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
    path("api/", include("shop.api.urls")),
    path("healthz", healthz),
    path("img/<slug:checksum>/<int:width>.<slug:extension>", rendition),
    path("robots.txt", robots),
    path("sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap"}),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("pack/<slug:checksum>", search_pack),
    re_path(r"^(?P<path>.*)$", storefront),
]
