"""What search stores: encoder versions and product vectors, the BM25 index, and the log of searches and events.

Everything in here can be rebuilt from the catalogue except the log and the versions' records.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from pgvector.django import HalfVectorField, SparseVectorField

from search import learning_models, rule_models  # noqa: F401 - so that Django finds them
from shop.catalog.models import Category, Product

DIMENSIONS = 384  # of all-MiniLM-L6-v2; another width needs a migration (CONTRIBUTING.md)
# More for words than without kinds, which hold accessories back: search/EXPERIMENTS.md, 2026-11-26.
LEXICAL_WEIGHT, KIND_WEIGHT = 0.5, 1.5


class EncoderVersion(models.Model):
    """One set of encoder weights. Exactly one is active; its embeddings are the ones that search reads."""

    name = models.CharField(max_length=200, unique=True)
    path = models.CharField(max_length=500, help_text="Folder with model.onnx and tokenizer.json.")
    checksum = models.CharField(max_length=64, help_text="SHA-256 of model.onnx.")
    dimensions = models.PositiveIntegerField(default=DIMENSIONS)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    # Calibrated on the catalogue (search/calibration.py); 0 until there are enough products for that.
    relevance_floor = models.FloatField(default=0.0, help_text="A cosine below this is no match.")
    nonsense_ceiling = models.FloatField(
        default=0.0, help_text="The floor for a query of which the catalogue knows no word: nonsense rarely gets above."
    )
    calibrated_products = models.PositiveIntegerField(default=0, help_text="How many products there were then.")
    # The share of words in fused scores (search/relevance.py); chosen anew for each version by search/gate.py.
    lexical_weight = models.FloatField(default=LEXICAL_WEIGHT, db_default=LEXICAL_WEIGHT)
    kind_weight = models.FloatField(default=KIND_WEIGHT, db_default=KIND_WEIGHT)  # of a share of 1, in z-scores
    card = models.JSONField("model card", default=dict, help_text="Data window, pairs, parameters, metrics.")
    gate = models.JSONField(null=True, blank=True, help_text="The comparison that decided about it.")
    is_active = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    activated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["is_active"], condition=Q(is_active=True), name="one_active_version"),
        ]

    def __str__(self) -> str:
        return self.name


class ProductEmbedding(models.Model):
    """A product's vector under one version. Stale when `source_updated_at` < the product's `updated_at`, or when
    `text_version` is not the one of search/product_text.py.

    The HNSW index is partial, one per version (index.create_vector_index), so versions never mix.
    """

    product = models.ForeignKey(Product, models.CASCADE, related_name="embeddings")
    version = models.ForeignKey(EncoderVersion, models.CASCADE, related_name="embeddings")
    vector = HalfVectorField(dimensions=DIMENSIONS)
    text_hash = models.BinaryField(max_length=16)  # of the embedded words: unchanged ones are not encoded again
    text_version = models.PositiveSmallIntegerField(default=0)
    is_for_sale = models.BooleanField(default=True, db_default=True)  # as the last sweep saw it
    source_updated_at = models.DateTimeField()
    embedded_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "version"], name="one_embedding_per_version")]


class TypePartition(models.Model):
    """The centres of one clustering of the products into kinds, under one version (search/partitions.py)."""

    version = models.ForeignKey(EncoderVersion, models.CASCADE, related_name="partitions")
    number = models.PositiveSmallIntegerField()
    centres = models.BinaryField()  # (k, width) float32
    products = models.PositiveIntegerField(help_text="How many products there were then.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="one_partition_per_number")]


class ProductKinds(models.Model):
    """The cluster of a product in each of the version's partitions. Stale when older than the product's vector.

    Apart from the vectors: finding kinds anew writes every row, and a vector's row would move in the HNSW index.
    """

    product = models.ForeignKey(Product, models.CASCADE, related_name="+", db_index=False)
    version = models.ForeignKey(EncoderVersion, models.CASCADE, related_name="+")
    kinds = ArrayField(models.SmallIntegerField())
    embedded_at = models.DateTimeField()  # of the vector

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "version"], name="one_row_of_kinds")]
        indexes = [models.Index(fields=["version", "embedded_at"], name="kinds_since")]  # search/product_kinds.py


class CategoryName(models.Model):
    """The vector of a category's name under a version; stale when the category is called otherwise."""

    version = models.ForeignKey(EncoderVersion, models.CASCADE, related_name="+", db_index=False)
    category = models.ForeignKey(Category, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    vector = models.BinaryField()  # (d,) float32, unit

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "category"], name="one_name_per_category")]


class LexicalTerm(models.Model):
    """A stemmed word of the catalogue; its id is its dimension in `LexicalDocument.weights`."""

    id = models.AutoField(primary_key=True)
    term = models.CharField(max_length=64, unique=True)
    document_frequency = models.IntegerField(default=0)


class LexicalField(models.Model):
    """Collection statistics of one indexed field (`text`, and `zh` for Chinese bigrams)."""

    name = models.CharField(max_length=8, primary_key=True)
    document_count = models.BigIntegerField(default=0)
    total_length = models.BigIntegerField(default=0)
    indexed_average_length = models.FloatField(default=0.0)  # the one the stored weights were computed with


class LexicalDocument(models.Model):
    """A product's row in the BM25 index: term ids to find it, the document's part of the BM25 weights to score it.

    The terms of the field `text` come first, those of `zh` after them; with `term_counts` and the two lengths the
    weights can be computed again without the text, which is done when the average length has drifted.
    """

    product = models.OneToOneField(Product, models.CASCADE, primary_key=True, related_name="lexical")
    term_ids = ArrayField(models.IntegerField())
    term_counts = ArrayField(models.IntegerField())
    text_terms = models.PositiveIntegerField(default=0)  # how many of `term_ids` are of the field `text`
    text_length = models.PositiveIntegerField(default=0)
    zh_length = models.PositiveIntegerField(default=0)
    weights = SparseVectorField()
    facet_ids = ArrayField(models.IntegerField())  # FacetValue ids of its attributes
    text_version = models.PositiveSmallIntegerField(default=0)
    source_updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["term_ids"], name="lexical_terms", fastupdate=False),  # the BM25 candidates
            GinIndex(fields=["facet_ids"], name="lexical_facets", fastupdate=False),  # attribute filters
        ]


class FacetKey(models.Model):
    """An attribute that shoppers can filter by; proposed from the catalogue, switched on and off by merchants."""

    key = models.CharField(max_length=80, primary_key=True)
    is_active = models.BooleanField("shown as a filter", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class FacetValue(models.Model):
    """One value of such an attribute, e.g. color = red; its id stands in `LexicalDocument.facet_ids`."""

    id = models.AutoField(primary_key=True)
    key = models.CharField(max_length=80)
    value = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "value"], name="one_facet_value")]


class SearchSettings(models.Model):
    """What merchants decide about ranking: one row (search/settings_of_store.py)."""

    class SoldOut(models.TextChoices):
        ALIKE = "alike", "ranked like what is in stock"
        LATER = "later", "after what is as relevant and in stock"
        LAST = "last", "after everything in stock"

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    sold_out = models.CharField("products that are sold out", max_length=8, choices=SoldOut, default=SoldOut.LATER)
    is_spread = models.BooleanField(
        "mix kinds of products", default=True, help_text='For queries about no one kind, such as "gift for a toddler".'
    )

    class Meta:
        verbose_name = verbose_name_plural = "ranking"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_row_of_settings")]

    def __str__(self) -> str:
        return "Ranking"


class SpellingVocabulary(models.Model):
    """The catalogue's words for correcting spelling, as search/vocabulary.py packs them, and for reading Chinese: one
    row, written anew."""

    revision = models.PositiveIntegerField()  # one more with each build: processes take what they have not got
    source = models.CharField(max_length=200)  # what it was built from; another one means that it is stale
    contents = models.BinaryField()
    glossary = models.JSONField(default=dict)  # search/glossary.py: English and how sure it is, by a piece of Chinese
    took_s = models.FloatField()
    built_at = models.DateTimeField()


class SearchQuery(models.Model):
    """One search and its impressions: `product_ids` in the order they were shown, starting at `first_position`."""

    query_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    client_id = models.UUIDField()
    user_id = models.BigIntegerField(null=True)
    query = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=8, default="en")
    filters = models.JSONField(default=dict)
    sort = models.CharField(max_length=16, default="relevance")
    mode = models.CharField(max_length=16)
    version_id = models.BigIntegerField(null=True)  # no foreign key: a log line outlives its version
    total = models.IntegerField()
    first_position = models.PositiveIntegerField(default=1)
    product_ids = ArrayField(models.BigIntegerField())
    # Where two neighbours were put in a random order: the first one's position, whether or not they changed places.
    swapped_at = models.PositiveSmallIntegerField(null=True)
    test_id = models.BigIntegerField(null=True)  # the OnlineTest that mixed this page, ...
    teams = ArrayField(models.SmallIntegerField(), null=True)  # ... and whose each hit is: 0 is A, 1 is B, -1 is both
    took_ms = models.FloatField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "search queries"
        indexes = [
            models.Index(  # training windows; reports read nothing else of a search (its impressions are most of a row)
                fields=["-created_at"],
                include=["query_id", "client_id", "query", "first_position", "total", "mode"],
                name="searches_by_time",
            ),
            models.Index(fields=["query", "-created_at"]),  # popular queries, reports by query
            models.Index(  # reports.without_results, and the dashboard's list of them
                fields=["-created_at"], condition=Q(total=0) & ~Q(query=""), name="searches_without_results"
            ),
            models.Index(  # online_results.test_results
                fields=["test_id"], condition=Q(test_id__isnull=False), name="searches_of_tests"
            ),
        ]


class SearchEvent(models.Model):
    """What a shopper did with a hit (User Behavior Insights names); `query_id` joins it to the search."""

    class Action(models.TextChoices):
        IMPRESSION = "impression"
        CLICK = "click"
        VIEW = "view"
        ADD_TO_CART = "add_to_cart"
        PURCHASE = "purchase"

    event_id = models.UUIDField(primary_key=True)
    action_name = models.CharField(max_length=16, choices=Action.choices)
    query_id = models.UUIDField(null=True)
    client_id = models.UUIDField()
    product_id = models.BigIntegerField()
    position = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["query_id"]),  # joining events to impressions
            models.Index(fields=["product_id", "action_name"]),  # click-through of a product
            models.Index(fields=["-created_at"]),
            models.Index(  # reports: what was done in a window, without the many impressions
                fields=["created_at"],
                include=["action_name", "query_id", "client_id", "position"],
                condition=Q(action_name__in=["click", "add_to_cart", "purchase"]),
                name="events_that_tell",
            ),
        ]
