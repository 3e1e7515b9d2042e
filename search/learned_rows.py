"""Adapters and rankers: rows that are learned for a version, of which one of a kind is active."""

from django.db import transaction

from search.learning_models import LearnedRanker, QueryAdapter
from search.models import EncoderVersion

KEPT = 5  # of a version and kind that are not active


def activate(row: QueryAdapter | LearnedRanker) -> None:
    """Makes it the one of its kind and version, in one transaction."""
    rows = type(row)._default_manager.filter(version=row.version_id)
    with transaction.atomic():
        rows.filter(is_active=True).exclude(pk=row.pk).update(is_active=False)
        rows.filter(pk=row.pk).update(is_active=True)


def delete_old(kind: type[QueryAdapter] | type[LearnedRanker], version: EncoderVersion) -> None:
    """All but the KEPT latest and the active one."""
    rows = kind._default_manager.filter(version=version, is_active=False)
    kind._default_manager.filter(pk__in=list(rows.order_by("-pk").values_list("pk", flat=True)[KEPT:])).delete()
