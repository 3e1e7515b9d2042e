"""The wire format. Requests are validated here; responses are described here, for the OpenAPI schema."""

import re
from typing import Any

from rest_framework import serializers

from search.filters import ProductFilters
from search.retrieval import SORTS

MAX_QUERY = 200
MAX_PAGE_SIZE = 100
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
SORT_CHOICES = ["relevance", *(name for name in SORTS if name != "popular")]
LAYOUTS = ["grid", "list", "card"]


class QueryText(serializers.CharField):
    """What a shopper typed: trimmed, without invisible control characters, at most MAX_QUERY long."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_QUERY, required=False, allow_blank=True, default="", **kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = str(data)
        if _SURROGATE.search(text):
            raise serializers.ValidationError("The text is not valid Unicode.", code="invalid")
        return str(super().to_internal_value(" ".join(_CONTROL.sub(" ", text).split())))


class TextList(serializers.ListField):
    child = serializers.CharField(max_length=200)


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses names it does not know: a misspelt filter must not be ignored in silence."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields)) if hasattr(data, "keys") else []
        if unknown:
            known = ", ".join(self.fields)
            raise serializers.ValidationError({name: [f"Unknown parameter; known are {known}."] for name in unknown})
        return super().to_internal_value(data)


class LanguageParams(StrictSerializer):
    lang = serializers.ChoiceField(["en", "zh"], required=False, help_text="Else by Accept-Language.")


class SearchParams(LanguageParams):
    q = QueryText()
    category = serializers.SlugField(required=False, max_length=100, help_text="A category's slug; includes its descendants.")
    brand = TextList(required=False, max_length=50)
    price_min = serializers.IntegerField(required=False, min_value=0, max_value=2_000_000_000, help_text="Cents.")
    price_max = serializers.IntegerField(required=False, min_value=0, max_value=2_000_000_000, help_text="Cents.")
    rating = serializers.IntegerField(required=False, min_value=1, max_value=5)
    in_stock = serializers.BooleanField(required=False, default=False)
    attr = TextList(required=False, max_length=50, help_text="`key:value`; values of one key are alternatives.")
    sort = serializers.ChoiceField(SORT_CHOICES, required=False, default="relevance")
    page = serializers.IntegerField(required=False, default=1, min_value=1, max_value=10_000)
    page_size = serializers.IntegerField(required=False, default=24, min_value=1, max_value=MAX_PAGE_SIZE)
    explain = serializers.BooleanField(required=False, default=False, help_text="Adds scores and timings.")

    def validate_attr(self, pairs: list[str]) -> list[tuple[str, str]]:
        split = [tuple(pair.split(":", 1)) for pair in pairs]
        wrong = [pair for pair, parts in zip(pairs, split, strict=True) if len(parts) != 2 or not all(parts)]
        if wrong:
            raise serializers.ValidationError(f"{wrong[0]!r} is not of the form key:value, for example color:red.")
        return split  # type: ignore[return-value]

    def validate(self, params: dict[str, Any]) -> dict[str, Any]:
        low, high = params.get("price_min"), params.get("price_max")
        if low is not None and high is not None and low > high:
            raise serializers.ValidationError({"price_min": f"The lowest price, {low}, is above the highest, {high}."})
        return params

    def filters(self) -> ProductFilters:
        params = self.validated_data
        return ProductFilters(
            category=params.get("category", ""),
            brands=tuple(params.get("brand", ())),
            price_min_cents=params.get("price_min"),
            price_max_cents=params.get("price_max"),
            rating_min=params.get("rating"),
            in_stock=params["in_stock"],
            attributes=tuple(params.get("attr", ())),
        )


class SuggestionParams(LanguageParams):
    q = QueryText()


class ProductListParams(LanguageParams):
    ids = serializers.CharField(max_length=1000, help_text="Product ids with commas between, at most 100.")

    def validate_ids(self, text: str) -> list[int]:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if len(parts) > 100 or not all(part.isascii() and part.isdigit() and len(part) <= 18 for part in parts):
            raise serializers.ValidationError("Give at most 100 whole numbers with commas between, for example 1,2,3.")
        return [int(part) for part in parts]


class ItemRequest(StrictSerializer):
    product_id = serializers.IntegerField(min_value=1, max_value=2**62)
    quantity = serializers.IntegerField(min_value=1, max_value=99, default=1)
    query_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    position = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=100_000, default=None)


class QuantityRequest(StrictSerializer):
    quantity = serializers.IntegerField(min_value=1, max_value=99)


class CheckoutRequest(StrictSerializer):
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=120)
    phone = serializers.CharField(max_length=40, allow_blank=True, default="")
    address_line1 = serializers.CharField(max_length=200)
    address_line2 = serializers.CharField(max_length=200, allow_blank=True, default="")
    city = serializers.CharField(max_length=100)
    postal_code = serializers.CharField(max_length=20)
    country = serializers.RegexField(r"^[A-Z]{2}$", error_messages={"invalid": "Use a two-letter country code such as US."})
    payment_method = serializers.ChoiceField(["cash_on_delivery"], default="cash_on_delivery")


class SignUpRequest(StrictSerializer):
    email = serializers.EmailField(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False)
    name = serializers.CharField(max_length=120, allow_blank=True, default="")


class SignInRequest(StrictSerializer):
    email = serializers.EmailField(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class EventRequest(StrictSerializer):
    event_id = serializers.UUIDField()
    action_name = serializers.ChoiceField(["impression", "click", "view", "add_to_cart"])
    query_id = serializers.UUIDField(allow_null=True, default=None)
    product_id = serializers.IntegerField(min_value=1, max_value=2**62)
    position = serializers.IntegerField(allow_null=True, default=None, min_value=1, max_value=100_000)
    timestamp = serializers.DateTimeField(required=False, help_text="The client's clock; for order only.")


class EventsRequest(StrictSerializer):
    events = EventRequest(many=True, allow_empty=False, max_length=200)


# Responses


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


class ProductDetail(ProductCard):
    description = serializers.CharField()
    gtin = serializers.CharField()
    mpn = serializers.CharField()
    attributes = Attribute(many=True)
    breadcrumbs = CategoryName(many=True)
    similar = ProductCard(many=True)


class Category(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    count = serializers.IntegerField()
    image = Picture(allow_null=True)
    default_layout = serializers.ChoiceField(LAYOUTS)

    def get_fields(self) -> dict[str, Any]:
        """Three levels are described; the tree itself may be deeper."""
        fields = super().get_fields()
        fields["children"] = serializers.ListField(child=serializers.DictField())
        return fields


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


class Hit(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    product = ProductCard()
    why = serializers.CharField(allow_null=True)


class Interpreted(serializers.Serializer[Any]):
    query = serializers.CharField()
    corrected_from = serializers.CharField(allow_null=True)


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
    facets = Facet(many=True)
    hits = Hit(many=True)
    related = Hit(many=True)
    notice = serializers.CharField(allow_null=True)
    explain = serializers.DictField(required=False)


class SuggestedProduct(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    price_cents = serializers.IntegerField()
    sale_price_cents = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField()
    image = Picture(allow_null=True)


class Suggestion(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["query", "category", "brand", "product"])
    text = serializers.CharField()
    slug = serializers.CharField(required=False)
    product = SuggestedProduct(required=False)


class Suggestions(serializers.Serializer[Any]):
    query = serializers.CharField()
    suggestions = Suggestion(many=True)


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


class Accepted(serializers.Serializer[Any]):
    accepted = serializers.IntegerField()


class Problem(serializers.Serializer[Any]):
    field = serializers.CharField(allow_null=True)
    code = serializers.CharField()
    message = serializers.CharField()
    product_id = serializers.IntegerField(required=False)


class Problems(serializers.Serializer[Any]):
    errors = Problem(many=True)  # type: ignore[assignment]
