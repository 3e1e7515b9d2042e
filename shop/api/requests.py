"""What clients may send: query parameters and bodies, validated here once and then trusted."""

import re
from typing import Any
from uuid import UUID

from rest_framework import serializers

from search.categories import category_tree
from search.filters import ProductFilters
from search.retrieval import SORTS
from shop.metrics.models import Reading
from shop.orders.cart import MAX_QUANTITY
from shop.orders.payments import payment_methods

MAX_QUERY = 500  # characters; SearchQuery.query holds as many
MAX_PAGE_SIZE = 100
MAX_PAGE = 10_000
MAX_CENTS = 2_000_000_000  # what the database's integers hold
MAX_ID = 2**62
MAX_EVENTS = 200
MAX_METRIC_MS = 120_000  # longer is a phone that slept
MAX_LAYOUT_SHIFT = 20
MAX_COMPARED = 4  # as many as can be read side by side on a phone
SORT_CHOICES = ["relevance", *(name for name in SORTS if name != "popular")]
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")  # not the joiners of emoji


class Choice(serializers.ChoiceField):
    """A choice whose error says what there is to choose from."""

    def __init__(self, choices: list[str], **kwargs: Any) -> None:
        known = ", ".join(choices)
        message = f"{{input}} is not known; use one of {known}."
        super().__init__(choices, error_messages={"invalid_choice": message}, **kwargs)


class QueryText(serializers.CharField):
    """What a shopper typed: trimmed, without invisible control characters, at most MAX_QUERY long."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_QUERY, required=False, allow_blank=True, default="", **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if len(str(data)) > MAX_QUERY:
            raise serializers.ValidationError(f"A query has at most {MAX_QUERY} characters.", code="max_length")
        visible = _INVISIBLE.sub("", _CONTROL.sub(" ", str(data)))
        return str(super().to_internal_value(" ".join(visible.split())))


class Text(serializers.CharField):
    """One line of text in a JSON body: a number is not one, and control characters would spoil a label."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if _CONTROL.search(data):
            raise serializers.ValidationError("Leave out control characters.", code="control_characters")
        return str(super().to_internal_value(data))


class Uuid(serializers.UUIDField):
    """A UUID as text: a number would be taken as one too, and `false` as number 0."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        uuid: UUID = super().to_internal_value(data)
        return uuid


class Number(serializers.FloatField):
    """A finite number as JSON has it: "nan" as text would pass every comparison."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return float(super().to_internal_value(data))


class TextList(serializers.ListField):
    child = serializers.CharField(max_length=200)


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses names it does not know: a misspelt filter must not be ignored in silence."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields)) if hasattr(data, "keys") else []
        if unknown:
            known = ", ".join(self.fields)
            message = f"There is no such parameter; known are {known}."
            raise serializers.ValidationError({name: [message] for name in unknown}, code="unknown")
        return super().to_internal_value(data)


class LanguageParams(StrictSerializer):
    lang = Choice(["en", "zh"], required=False, help_text="Else by Accept-Language.")


class SearchParams(LanguageParams):
    q = QueryText(help_text="What the shopper typed; without it, everything, most popular first.")
    category = serializers.SlugField(
        required=False, max_length=100, help_text="A category's slug; includes its descendants."
    )
    brand = TextList(required=False, max_length=50, help_text="Several are alternatives.")
    price_min = serializers.IntegerField(required=False, min_value=0, max_value=MAX_CENTS, help_text="Cents.")
    price_max = serializers.IntegerField(required=False, min_value=0, max_value=MAX_CENTS, help_text="Cents.")
    rating = serializers.IntegerField(required=False, min_value=1, max_value=5, help_text="At least so many stars.")
    in_stock = serializers.BooleanField(required=False, default=False)
    attr = TextList(required=False, max_length=50, help_text="`key:value`; values of one key are alternatives.")
    sort = Choice(SORT_CHOICES, required=False, default="relevance")
    page = serializers.IntegerField(required=False, default=1, min_value=1, max_value=MAX_PAGE)
    page_size = serializers.IntegerField(required=False, default=24, min_value=1, max_value=MAX_PAGE_SIZE)
    verbatim = serializers.BooleanField(required=False, default=False, help_text="Without correcting the spelling.")
    explain = serializers.BooleanField(required=False, default=False, help_text="Adds scores and timings.")

    def validate_category(self, slug: str) -> str:
        if category_tree().id_of(slug) is None:
            raise serializers.ValidationError(f"There is no category {slug}; /api/categories/ lists them.")
        return slug

    def validate_attr(self, pairs: list[str]) -> list[tuple[str, str]]:
        found = []
        for pair in pairs:
            key, colon, value = pair.partition(":")
            if not (key and colon and value):
                raise serializers.ValidationError(f"{pair!r} is not of the form key:value, for example color:red.")
            found.append((key, value))
        return found

    def validate(self, params: dict[str, Any]) -> dict[str, Any]:
        low, high = params.get("price_min"), params.get("price_max")
        if low is not None and high is not None and low > high:
            raise serializers.ValidationError({"price_min": f"The lowest price, {low}, is above the highest, {high}."})
        return params


def filters_of(params: dict[str, Any]) -> ProductFilters:
    """The filters among validated SearchParams."""
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
    q = QueryText(help_text="What the shopper has typed so far.")


class ProductListParams(LanguageParams):
    ids = serializers.RegexField(
        r"^[0-9]{1,18}(,[0-9]{1,18}){0,99}$",
        help_text="At most 100 product ids with commas between.",
        error_messages={"invalid": "Give at most 100 whole numbers with commas between, for example 1,2,3."},
    )

    def validate_ids(self, text: str) -> list[int]:
        return [int(part) for part in text.split(",")]


class CompareParams(ProductListParams):
    def validate_ids(self, text: str) -> list[int]:
        ids = list(dict.fromkeys(super().validate_ids(text)))
        if len(ids) > MAX_COMPARED:
            raise serializers.ValidationError(f"At most {MAX_COMPARED} products can be compared.", code="max_length")
        return ids


class ItemRequest(StrictSerializer):
    product_id = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY, default=1)
    query_id = Uuid(allow_null=True, default=None, help_text="The search that led here.")
    position = serializers.IntegerField(allow_null=True, min_value=1, max_value=1_000_000, default=None)


class QuantityRequest(StrictSerializer):
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY)


class CheckoutRequest(StrictSerializer):
    email = serializers.EmailField(max_length=254)
    name = Text(max_length=120)
    phone = Text(max_length=40, allow_blank=True, default="")
    address_line1 = Text(max_length=200)
    address_line2 = Text(max_length=200, allow_blank=True, default="")
    city = Text(max_length=100)
    postal_code = Text(max_length=20)
    country = serializers.RegexField(
        r"^[A-Z]{2}$",
        help_text="ISO 3166-1, two letters.",
        error_messages={"invalid": "Use a two-letter country code in capitals, such as US."},
    )
    payment_method = Choice(payment_methods(), default=payment_methods()[0])


class SignUpRequest(StrictSerializer):
    email = serializers.EmailField(max_length=150)
    password = Text(max_length=128, trim_whitespace=False)
    name = Text(max_length=120, allow_blank=True, default="")


class SignInRequest(StrictSerializer):
    email = serializers.EmailField(max_length=150)
    password = Text(max_length=128, trim_whitespace=False)


class EventRequest(StrictSerializer):
    event_id = Uuid(help_text="Made by the client; sending it again changes nothing.")
    action_name = Choice(
        ["impression", "click", "view"],
        help_text="add_to_cart and purchase are logged by the cart and the checkout themselves.",
    )
    query_id = Uuid(allow_null=True, default=None)
    product_id = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    position = serializers.IntegerField(allow_null=True, default=None, min_value=1, max_value=1_000_000)
    timestamp = serializers.DateTimeField(required=False, help_text="The client's clock; the log uses the server's.")


class MetricsRequest(StrictSerializer):
    """What a browser measured in one visit; a metric that it does not know, or that did not happen, is left out."""

    page = Choice(Reading.Page.values, help_text="Where the visit began.")
    device = Choice(Reading.Device.values, help_text="By the width of the window.")
    lcp = Number(required=False, min_value=0, max_value=MAX_METRIC_MS, help_text="Milliseconds.")
    inp = Number(required=False, min_value=0, max_value=MAX_METRIC_MS, help_text="Milliseconds.")
    cls = Number(required=False, min_value=0, max_value=MAX_LAYOUT_SHIFT)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if not set(values) & set(Reading.Metric.values):
            raise serializers.ValidationError("Give at least one of lcp, inp and cls.", code="required")
        return values


class EventsRequest(StrictSerializer):
    events = EventRequest(many=True, allow_empty=False, max_length=MAX_EVENTS)
