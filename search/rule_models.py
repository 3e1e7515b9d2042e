"""What merchants steer search with: synonyms, and rules with their actions. Edited in the admin, read by search.

`clean` says what is wrong beside the field where it is; the constraints hold for everything that does not go through
a form. Django finds these models through search/models.py.
"""

from urllib.parse import parse_qs, urlsplit

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from search.links import validate_link
from search.words import query_sequence
from shop.catalog.models import Category, Product

MAX_SYNONYMS = 8  # each is one more wording that a search compares
MAX_POSITION = 100


def validate_words(text: str) -> None:
    """Refuses what search would not see: signs only, or nothing but words like "the" and "for"."""
    if not query_sequence(text):
        raise ValidationError(f"“{text}” has no word that search looks for.")


class Synonym(models.Model):
    """`words` are also searched as each of `synonyms`; two-way, each of them is also searched as all the others."""

    words = models.CharField(
        max_length=100, validators=[validate_words], help_text="What shoppers type, like: notebook computer"
    )
    synonyms = ArrayField(models.CharField(max_length=100, validators=[validate_words]))
    is_two_way = models.BooleanField(
        "both ways", default=True, help_text="Off: only what is typed above is also searched as the synonyms."
    )
    is_active = models.BooleanField("active", default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["words"]
        constraints = [
            models.UniqueConstraint(
                Lower("words"), name="one_entry_for_words",
                violation_error_message="There is an entry for these words already; add to that one.",
            ),
            models.CheckConstraint(condition=Q(synonyms__len__gte=1), name="synonyms_not_empty"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        """Refuses a synonym that search reads as the words themselves ("laptops" for "laptop"), and one given twice."""
        seen = {tuple(query_sequence(self.words)): self.words}
        for synonym in self.synonyms or ():
            terms = tuple(query_sequence(synonym))
            if terms in seen:
                raise ValidationError(
                    {"synonyms": f"“{synonym}” and “{seen[terms]}” are the same to search: endings do not count."}
                )
            seen[terms] = synonym
        if len(self.synonyms or ()) > MAX_SYNONYMS:
            raise ValidationError({"synonyms": f"There are {len(self.synonyms)}; the most is {MAX_SYNONYMS}."})


class MerchandisingRule(models.Model):
    """When it applies, and what it shows beside the results; what it does with products is in its `RuleAction` rows."""

    class Match(models.TextChoices):
        EXACT = "exact", "The query is"
        CONTAINS = "contains", "The query contains all words of"
        CATEGORY = "category", "Category: browsed, or searched by its name"
        PRODUCT_TYPE = "product_type", "Product type: named in the query, or browsed"

    name = models.CharField(max_length=120, help_text="For you; shoppers do not see it.")
    match = models.CharField("applies when", max_length=16, choices=Match.choices, default=Match.EXACT)
    query = models.CharField(max_length=200, blank=True, help_text="Upper case, accents and endings do not count.")
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", help_text="With everything below it."
    )
    product_type = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField("active", default=True)
    starts_on = models.DateField("from", null=True, blank=True, help_text="Empty: at once.")
    ends_on = models.DateField("until", null=True, blank=True, help_text="The last day. Empty: until switched off.")
    priority = models.PositiveSmallIntegerField(
        default=0, help_text="Where two rules disagree, the one with the higher number holds."
    )
    banner_title = models.CharField("title", max_length=80, blank=True)
    banner_text = models.CharField("text", max_length=300, blank=True)
    banner_link = models.CharField("link", max_length=500, blank=True, validators=[validate_link])
    redirect = models.CharField(
        max_length=500, blank=True, validators=[validate_link],
        help_text="Shoppers go there instead of seeing results: /category/laptops, or https://…",
    )  # fmt: skip
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "rule"
        ordering = ["-priority", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(match__in=["exact", "contains"]) & ~Q(query="")
                    | Q(match="category", category__isnull=False)
                    | Q(match="product_type") & ~Q(product_type="")
                ),
                name="rule_says_when",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="rule_ends_after_it_starts",
                violation_error_message="The last day is before the first.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def trigger(self) -> str:
        """What the rule applies to, as a merchant would say it."""
        if self.match == self.Match.CATEGORY:
            return f"category {self.category}"
        if self.match == self.Match.PRODUCT_TYPE:
            return f"product type {self.product_type}"
        return f"“{self.query}”" if self.match == self.Match.EXACT else f"contains “{self.query}”"

    def clean(self) -> None:
        """Each way of applying needs its own field; the other two are emptied, so that a list does not mislead."""
        needed = {"category": "category", "product_type": "product_type"}.get(self.match, "query")
        value = getattr(self, f"{needed}_id" if needed == "category" else needed)
        if not value:
            raise ValidationError({needed: "Say what the rule applies to."})
        if needed != "category":
            _refuse_wordless(needed, value)
        self.query, self.product_type = (getattr(self, n) if n == needed else "" for n in ("query", "product_type"))
        if needed != "category":
            self.category = None
        if (self.banner_text or self.banner_link) and not self.banner_title:
            raise ValidationError({"banner_title": "A banner needs a title."})
        if self.redirect.startswith("/search?") and self._is_searched_by(self.redirect):
            raise ValidationError({"redirect": "That is the search that the rule is for: it would lead to itself."})

    def _is_searched_by(self, path: str) -> bool:
        searched = query_sequence(" ".join(parse_qs(urlsplit(path).query).get("q", [])))
        own = query_sequence(self.query or self.product_type)
        return bool(own) and (own == searched if self.match == self.Match.EXACT else set(own) <= set(searched))


def _refuse_wordless(field: str, text: str) -> None:
    try:
        validate_words(text)
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from None


class RuleAction(models.Model):
    """One thing that a rule does: with a product, or (boost and bury) with a brand or a category."""

    class Kind(models.TextChoices):
        PIN = "pin", "Pin to a position"
        BOOST = "boost", "Move up"
        BURY = "bury", "Move down"
        HIDE = "hide", "Hide"

    class Strength(models.IntegerChoices):
        """How far: search/merchandising.py has the amounts."""

        LITTLE = 1, "a little"
        CLEARLY = 2, "clearly"
        STRONGLY = 3, "strongly"
        ALL_THE_WAY = 4, "all the way"

    rule = models.ForeignKey(MerchandisingRule, models.CASCADE, related_name="actions")
    kind = models.CharField("action", max_length=8, choices=Kind.choices, default=Kind.PIN)
    product = models.ForeignKey(Product, models.CASCADE, null=True, blank=True, related_name="+")
    brand = models.CharField("or brand", max_length=80, blank=True)
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="or category"
    )
    position = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MAX_POSITION)]
    )
    strength = models.PositiveSmallIntegerField("how far", choices=Strength.choices, default=Strength.CLEARLY)

    class Meta:
        verbose_name = "action"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "kind", "product"], name="one_such_action_for_a_product"),
            models.CheckConstraint(
                condition=Q(kind="pin", product__isnull=False, position__gte=1)
                | Q(kind="hide", product__isnull=False)
                | Q(kind__in=["boost", "bury"]),
                name="action_has_what_it_needs",
                violation_error_message="This action needs a product; pinning needs a position, too.",
            ),
        ]

    def __str__(self) -> str:
        if self.kind == self.Kind.PIN:
            return f"Pin to position {self.position}: {self.target()}"
        far = f" {self.get_strength_display()}" if self.kind != self.Kind.HIDE else ""
        return f"{self.get_kind_display()}{far}: {self.target()}"

    def target(self) -> str:
        """What it acts on, by name."""
        if self.product_id:
            return str(self.product)
        return f"brand {self.brand}" if self.brand else f"category {self.category}"

    def clean(self) -> None:
        targets = sum(map(bool, (self.product_id, self.brand, self.category_id)))
        if self.kind in (self.Kind.PIN, self.Kind.HIDE):
            if not self.product_id:
                raise ValidationError({"product": "Choose a product."})
            self.brand, self.category = "", None  # the form does not show them for this kind
        elif targets != 1:
            raise ValidationError("Choose one of product, brand and category.")
        if self.kind == self.Kind.PIN and self.position is None:
            raise ValidationError({"position": "Which position? 1 is the first."})
        if self.kind != self.Kind.PIN:
            self.position = None


class DeclinedItemGroup(models.Model):
    """Products that are no variants of one another, as a merchant said (search/item_group_proposals.py)."""

    key = models.CharField(max_length=32, unique=True)  # of brand, category and the words that their titles share
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key
