"""Every address that Django answers."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from shop.catalog.pictures import rendition
from shop.health import healthz
from shop.spa import storefront

urlpatterns = [
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
    path("api/", include("shop.api.urls")),
    path("healthz", healthz),
    path("img/<slug:checksum>/<int:width>.<slug:extension>", rendition),
    re_path(r"^(?P<path>.*)$", storefront),
]
