"""When what is made of the whole catalogue (the words of spelling, the phone's pack) is built anew, and by whom."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Max
from django.utils import timezone

from shop.catalog.models import Product

WORK_SHARE = 0.05  # of one core at most, while products keep changing: large catalogues wait longer


def catalogue_state(layout: object, version_id: int) -> tuple[str, int]:
    """What something would be built from, as text that differs when anything does; and how many products."""
    state = Product.objects.filter(is_active=True).aggregate(products=Count("id"), latest=Max("updated_at"))
    return f"{layout} {version_id} {state['products']} {state['latest']}", state["products"]


def is_due(built_at: datetime, took_s: float, *, min_age: timedelta) -> bool:
    """Whether what was built then, in so many seconds, may be built again."""
    return timezone.now() - built_at > max(min_age, timedelta(seconds=took_s / WORK_SHARE))


def take_turn(lock: int) -> bool:
    """Takes an advisory lock until the transaction ends; False where another process builds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock])
        taken: bool = cursor.fetchone()[0]
        return taken
