"""The wire format of responses, described for the OpenAPI schema, from which the frontend generates its types.

What is sent is built as plain dictionaries (cards.py and the views); the schema tests hold the two together.
"""

from typing import Any

from rest_framework import serializers

from shop.api.explain import Explanation
from shop.api.requests import SORT_CHOICES
from shop.catalog.models import Layout


class Picture(serializers.Serializer[Any]):
    src = serializers.CharField(help_text="A template: put in {w}, one of widths, and {f}, one of formats.")
    widths = serializers.ListField(child=serializers.IntegerField())
    formats = serializers.ListField(child=serializers.CharField())
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    color = serializers.CharField()
    alt = serializers.CharField()


class CategoryName(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


class Attribute(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField()


class ProductCard(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    sku = serializers.CharField()
    title = serializers.CharField()
    brand = serializers.CharField()
    category = CategoryName(allow_null=True)
    price_cents = serializers.IntegerField()
    sale_price_cents = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField()
    rating_average = serializers.FloatField(allow_null=True)
    rating_count = serializers.IntegerField()
    stock_status = serializers.ChoiceField(["in_stock", "low_stock", "out_of_stock"])
    stock_left = serializers.IntegerField(allow_null=True)
    is_new = serializers.BooleanField()
    images = Picture(many=True)
    key_attributes = Attribute(many=True)


class VariantAxis(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    values = serializers.ListField(child=serializers.CharField(), help_text="What there is to choose from.")


class Variant(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    price_cents = serializers.IntegerField()
    sale_price_cents = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField()
    stock_status = serializers.ChoiceField(["in_stock", "low_stock", "out_of_stock"])
    stock_left = serializers.IntegerField(allow_null=True)
    image = Picture(allow_null=True)
    attributes = Attribute(many=True, help_text="Its value on each axis, where it has one.")
    is_shown = serializers.BooleanField(help_text="Whether it is the product of this page.")


class Variants(serializers.Serializer[Any]):
    axes = VariantAxis(many=True, help_text="In what the variants differ, the most telling first.")
    products = Variant(many=True, help_text="All of them, this product included.")


class ProductDetail(ProductCard):
    description = serializers.CharField()
    gtin = serializers.CharField()
    mpn = serializers.CharField()
    attributes = Attribute(many=True)
    variants = Variants(allow_null=True)
    breadcrumbs = CategoryName(many=True)
    similar = ProductCard(many=True)


class ComparedFact(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="price (in cents), rating, in_stock (a stock_status), brand, or attr.<key>.")
    label = serializers.CharField()  # type: ignore[assignment]
    values = serializers.ListField(child=serializers.CharField(allow_blank=True), help_text="One a product, in order.")
    differs = serializers.BooleanField()
    best = serializers.ListField(child=serializers.IntegerField(), help_text="Places of the best, where it is clear.")


class Comparison(serializers.Serializer[Any]):
    products = ProductCard(many=True)
    rows = ComparedFact(many=True)


class Category(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    count = serializers.IntegerField()
    image = Picture(allow_null=True)
    default_layout = serializers.ChoiceField(Layout.values)

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "children": Category(many=True)}


class Home(serializers.Serializer[Any]):
    departments = Category(many=True)
    popular = ProductCard(many=True)
    new = ProductCard(many=True)
    deals = ProductCard(many=True)


class FacetValue(serializers.Serializer[Any]):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()
    selected = serializers.BooleanField()
    min_cents = serializers.IntegerField(allow_null=True)
    max_cents = serializers.IntegerField(allow_null=True)


class Facet(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.ChoiceField(["category", "values", "price", "rating", "toggle"])
    values = FacetValue(many=True)
    min_cents = serializers.IntegerField(allow_null=True)
    max_cents = serializers.IntegerField(allow_null=True)


class HitAxis(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField(help_text="How many values there are.")
    text = serializers.CharField(help_text='The same as a shopper reads it: "3 colors".')


class HitVariants(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="How many variants there are beside this product.")
    axes = HitAxis(many=True, help_text="In what they differ, the most telling first; at most two.")


class Hit(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    product = ProductCard()
    why = serializers.CharField(allow_null=True)
    variants = HitVariants(allow_null=True)


class FoundConstraint(serializers.Serializer[Any]):
    key = serializers.CharField(help_text='A facet\'s key, or "not" for what is left out.')
    text = serializers.CharField(help_text="The part of the query that says it; without it the filter is lifted.")
    without = serializers.CharField(allow_blank=True, help_text="The query without that part.")
    label = serializers.CharField()
    values = serializers.ListField(child=serializers.CharField(), help_text="Values of the facet that it picks.")
    min_cents = serializers.IntegerField(allow_null=True)
    max_cents = serializers.IntegerField(allow_null=True)


class RelaxedConstraint(FoundConstraint):
    message = serializers.CharField(help_text="What there is not, and the nearest that there is.")


class DroppableFilter(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="The facet's key: without this facet's filter there are `count` products.")
    values = serializers.ListField(child=serializers.CharField(), help_text="What it is set to, if to values.")
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()


class Interpreted(serializers.Serializer[Any]):
    query = serializers.CharField(allow_blank=True, help_text="What was searched: without the constraints.")
    corrected_from = serializers.CharField(allow_null=True, help_text="As typed, where the spelling was corrected.")
    constraints = FoundConstraint(many=True, help_text="Filters that the query says in words.")
    relaxed = RelaxedConstraint(many=True, help_text="Those that left nothing, and were lifted.")
    drop = DroppableFilter(
        many=True, help_text="Picked filters to drop where fewer than three products are left, most products first."
    )


class Banner(serializers.Serializer[Any]):
    title = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    link = serializers.CharField(allow_blank=True, help_text="A path of the store or an https address; may be empty.")


class SearchResponse(serializers.Serializer[Any]):
    query_id = serializers.UUIDField()
    query = serializers.CharField()
    mode = serializers.ChoiceField(["hybrid", "lexical", "browse"])
    interpreted = Interpreted()
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    page_size = serializers.IntegerField()
    pages = serializers.IntegerField()
    sort = serializers.ChoiceField(SORT_CHOICES)
    facets = Facet(many=True, help_text="With every attribute that a card of this page shows.")
    default_layout = serializers.ChoiceField(Layout.values, help_text="As most of the hits' categories are laid out.")
    hits = Hit(many=True)
    related = Hit(many=True)
    notice = serializers.CharField(allow_null=True)
    banner = Banner(allow_null=True)
    redirect = serializers.CharField(
        allow_null=True, help_text="Go there instead of showing results: a path of the store or an https address."
    )
    explain = Explanation(required=False)


class SuggestedProduct(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    price_cents = serializers.IntegerField()
    sale_price_cents = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField()
    image = Picture(allow_null=True)


class Suggestion(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["query", "department", "category", "type", "brand", "product"])
    text = serializers.CharField()
    slug = serializers.CharField(required=False)
    department = serializers.CharField(required=False, help_text="The name of the department to search in.")
    read_as = serializers.CharField(required=False, help_text="What was taken to be typed, where a typo was put right.")
    product = SuggestedProduct(required=False)


class Suggestions(serializers.Serializer[Any]):
    query = serializers.CharField()
    suggestions = Suggestion(many=True)


class SearchPack(serializers.Serializer[Any]):
    url = serializers.CharField(allow_null=True, help_text="Its content never changes. Null while there is no pack.")
    bytes = serializers.IntegerField(help_text="To download.")
    products = serializers.IntegerField()


class CartLine(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    product = ProductCard()
    quantity = serializers.IntegerField()
    unit_price_cents = serializers.IntegerField()
    line_total_cents = serializers.IntegerField()
    max_quantity = serializers.IntegerField()
    notice = serializers.ChoiceField(["price_changed", "low_stock", "out_of_stock"], allow_null=True)


class Cart(serializers.Serializer[Any]):
    items = CartLine(many=True)
    count = serializers.IntegerField()
    subtotal_cents = serializers.IntegerField()
    shipping_cents = serializers.IntegerField()
    flat_shipping_cents = serializers.IntegerField(help_text="What delivery costs below free_shipping_from_cents.")
    free_shipping_from_cents = serializers.IntegerField()
    total_cents = serializers.IntegerField()
    currency = serializers.CharField()


class OrderLine(serializers.Serializer[Any]):
    product_id = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    brand = serializers.CharField()
    unit_price_cents = serializers.IntegerField()
    quantity = serializers.IntegerField()
    image = Picture(allow_null=True)


class Address(serializers.Serializer[Any]):
    address_line1 = serializers.CharField()
    address_line2 = serializers.CharField()
    city = serializers.CharField()
    postal_code = serializers.CharField()
    country = serializers.CharField()
    phone = serializers.CharField()


class Order(serializers.Serializer[Any]):
    number = serializers.CharField()
    status = serializers.ChoiceField(["placed", "shipped", "delivered", "cancelled"])
    created_at = serializers.DateTimeField()
    items = OrderLine(many=True)
    subtotal_cents = serializers.IntegerField()
    shipping_cents = serializers.IntegerField()
    total_cents = serializers.IntegerField()
    currency = serializers.CharField()
    email = serializers.CharField()
    name = serializers.CharField()
    address = Address()
    payment_method = serializers.CharField()


class Account(serializers.Serializer[Any]):
    is_authenticated = serializers.BooleanField()
    email = serializers.CharField()
    name = serializers.CharField()


class MetricsSampling(serializers.Serializer[Any]):
    sample_percent = serializers.IntegerField(help_text="Of a hundred visits so many should send what they measured.")


class Accepted(serializers.Serializer[Any]):
    accepted = serializers.IntegerField()


class Problem(serializers.Serializer[Any]):
    field = serializers.CharField(allow_null=True)
    code = serializers.CharField()
    message = serializers.CharField()
    product_id = serializers.IntegerField(required=False)


class Problems(serializers.Serializer[Any]):
    errors = Problem(many=True)  # type: ignore[assignment]
