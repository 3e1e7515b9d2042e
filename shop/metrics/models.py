"""How fast the store was on shoppers' own devices: one row a reading, and nothing about who it was."""

from django.db import models
from django.db.models import Q


class Reading(models.Model):
    """A Core Web Vital of one visit, by the page that it began on. LCP and INP are milliseconds, CLS has no unit."""

    class Metric(models.TextChoices):
        LCP = "lcp", "Largest contentful paint"
        INP = "inp", "Interaction to next paint"
        CLS = "cls", "Layout shift"

    class Page(models.TextChoices):
        HOME = "home", "Home"
        SEARCH = "search", "Results"
        CATEGORY = "category", "Category"
        PRODUCT = "product", "Product"
        CART = "cart", "Cart and checkout"
        OTHER = "other", "Other"

    class Device(models.TextChoices):
        PHONE = "phone", "Phone"
        TABLET = "tablet", "Tablet"
        DESKTOP = "desktop", "Desktop"

    metric = models.CharField(max_length=3, choices=Metric)
    page = models.CharField(max_length=8, choices=Page)
    device = models.CharField(max_length=7, choices=Device)
    value = models.FloatField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(value__gte=0), name="no_reading_below_zero")]
        indexes = [  # both reports, and what is too old
            models.Index(fields=["created_at"], include=["metric", "page", "device", "value"], name="readings_by_time")
        ]
