"""Every endpoint of the API."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from shop.api import account, cart, categories, checkout, events, home, orders, products, search, suggestions
from shop.api.errors import api_not_found

urlpatterns = [
    path("search/", search.SearchView.as_view()),
    path("suggestions/", suggestions.SuggestionsView.as_view()),
    path("home/", home.HomeView.as_view()),
    path("categories/", categories.CategoriesView.as_view()),
    path("products/", products.ProductsView.as_view()),
    path("products/<int:product_id>/", products.ProductView.as_view()),
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
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    re_path(r"^(?P<path>[\s\S]*)$", api_not_found),  # line breaks too
]
