"""Every endpoint of the API. What is read on phones goes out compressed: a page of hits has 20 KB, or 4 in gzip."""

from django.urls import path, re_path
from django.views.decorators.gzip import gzip_page
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from shop.api import (
    account,
    cart,
    categories,
    checkout,
    compare,
    events,
    home,
    metrics,
    orders,
    products,
    search,
    search_pack,
    suggestions,
)
from shop.api.errors import api_not_found

urlpatterns = [
    path("search/", gzip_page(search.SearchView.as_view())),
    path("suggestions/", gzip_page(suggestions.SuggestionsView.as_view())),
    path("search-pack/", search_pack.SearchPackView.as_view()),
    path("home/", gzip_page(home.HomeView.as_view())),
    path("categories/", gzip_page(categories.CategoriesView.as_view())),
    path("products/", gzip_page(products.ProductsView.as_view())),
    path("products/<int:product_id>/", gzip_page(products.ProductView.as_view())),
    path("compare/", gzip_page(compare.CompareView.as_view())),
    path("cart/", cart.CartView.as_view()),
    path("cart/items/", cart.CartItemsView.as_view()),
    path("cart/items/<int:item_id>/", cart.CartItemView.as_view()),
    path("checkout/", checkout.CheckoutView.as_view()),
    path("orders/", orders.OrdersView.as_view()),
    path("orders/<slug:number>/", orders.OrderView.as_view()),
    path("account/", account.AccountView.as_view()),
    path("account/sign-up/", account.SignUpView.as_view()),
    path("account/sign-in/", account.SignInView.as_view()),
    path("account/sign-out/", account.SignOutView.as_view()),
    path("events/", events.EventsView.as_view()),
    path("metrics/", metrics.MetricsView.as_view()),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    re_path(r"^(?P<path>[\s\S]*)$", api_not_found),  # line breaks too
]
