"""What the store learns from and with: judged queries, position bias, clicks by query, adapters, rounds, online tests.

In a module of its own like rule_models.py; search/models.py imports it so that Django finds it.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class JudgedQuery(models.Model):
    """A query with graded products: what people judged, and the forgetting set, fixed when the store was set up."""

    class Source(models.TextChoices):
        HUMAN = "human", "judged by people"
        FORGETTING = "forgetting", "forgetting set"

    source = models.CharField(max_length=16, choices=Source.choices)
    query = models.CharField(max_length=500)
    language = models.CharField(max_length=8, default="en")
    grades = models.JSONField(help_text="Grade 0 to 3 by product id; a product that is not there counts as 0.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "judged queries"
        constraints = [models.UniqueConstraint(fields=["source", "query"], name="one_judged_query_per_source")]

    def __str__(self) -> str:
        return self.query


class PositionBias(models.Model):
    """How likely a position is looked at, estimated from the store's own log: one row (search/propensities.py)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    propensities = ArrayField(models.FloatField())  # of positions 1, 2, ..., that of the first is 1
    method = models.CharField(max_length=16)  # prior, moves or swaps
    searches = models.PositiveIntegerField(help_text="How many searches they were estimated from.")
    estimated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "position bias"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_row_of_position_bias")]

    def __str__(self) -> str:
        return "Position bias"


class ClickMemory(models.Model):
    """What clicks say about the products of one query (search/click_memory.py); `query` in its normal form."""

    query = models.CharField(max_length=500, primary_key=True)
    product_ids = ArrayField(models.BigIntegerField())
    lifts = ArrayField(models.FloatField())  # of each product: above 0 chosen more often than expected, below less
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["updated_at"], name="click_memory_since")]  # what a process has not read yet

    def __str__(self) -> str:
        return self.query


class QueryAdapter(models.Model):
    """A low-rank correction of query vectors under a version: q + up(down(q)), learned without embedding anything."""

    version = models.ForeignKey("search.EncoderVersion", models.CASCADE, related_name="adapters")
    rank = models.PositiveSmallIntegerField()
    down = models.BinaryField()  # (rank, d) float32
    up = models.BinaryField()  # (d, rank) float32
    card = models.JSONField(default=dict)  # what it was trained on, and how
    gate = models.JSONField(null=True)  # the comparison that decided about it
    is_active = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=Q(is_active=True), name="one_active_adapter"),
        ]

    def __str__(self) -> str:
        return f"Adapter {self.pk}"


class LearnedRanker(models.Model):
    """What is added to the scores of candidates under a version (search/ranker.py). A row is never changed but to
    activate it."""

    version = models.ForeignKey("search.EncoderVersion", models.CASCADE, related_name="rankers")
    features = ArrayField(models.CharField(max_length=40))  # by name: code that makes others cannot use the weights
    weights = ArrayField(models.FloatField())  # empty where it has trees
    trees = models.JSONField(null=True)  # as search/trees.py writes them
    product_ids = ArrayField(models.BigIntegerField())  # of the products whose clicks tell anything, ...
    lifts = ArrayField(models.FloatField())  # ... and how much more often than expected each is chosen, as a logarithm
    card = models.JSONField(default=dict)  # what it was trained on, and how
    gate = models.JSONField(null=True)  # the comparison that decided about it
    is_active = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=Q(is_active=True), name="one_active_ranker"),
        ]

    def __str__(self) -> str:
        return f"Ranker {self.pk}"


class TrainingRound(models.Model):
    """One round of learning, from the log to a decision. Its stage says where a killed worker's successor goes on."""

    class Stage(models.TextChoices):
        COLLECTING = "collecting", "collecting clicks"
        TRAINING = "training", "training"
        EXPORTING = "exporting", "exporting"
        EMBEDDING = "embedding", "embedding products"
        COMPARING = "comparing", "comparing with the active version"
        PROMOTED = "promoted", "promoted"
        REFUSED = "refused", "refused by the gate"
        SKIPPED = "skipped", "nothing to learn from"
        FAILED = "failed", "failed"

    DONE = (Stage.PROMOTED, Stage.REFUSED, Stage.SKIPPED, Stage.FAILED)

    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.COLLECTING)
    challenger = models.ForeignKey("search.EncoderVersion", models.SET_NULL, null=True, related_name="rounds")
    parameters = models.JSONField(default=dict)
    progress = models.FloatField(default=0.0, help_text="Of the stage, 0 to 1.")
    message = models.TextField(blank=True, help_text="What came of it, in one sentence.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often the stage was begun.")
    started_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [  # one round at a time; a second start finds this one and goes on with it
            models.UniqueConstraint(
                models.Value(1), condition=Q(finished_at__isnull=True), name="one_unfinished_round"
            ),
        ]

    def __str__(self) -> str:
        return f"Round {self.pk}"


class OnlineTest(models.Model):
    """Two ways to answer, interleaved on a share of the live searches (search/interleaving.py)."""

    name = models.CharField(max_length=200)
    variant_a = models.JSONField(help_text="As search/variants.py writes it.")
    variant_b = models.JSONField()
    share = models.FloatField(default=0.1, help_text="Of the searches, 0 to 1.")
    is_running = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["is_running"], condition=Q(is_running=True), name="one_running_test"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="share_of_searches"),
        ]

    def __str__(self) -> str:
        return self.name
