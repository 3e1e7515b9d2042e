"""A cursor for statements that read a good part of the log at night, planned for many rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

# The planner takes `product_id = ANY(product_ids)` for something rare, expects one click, and would look through a list
# of hundreds of thousands once for each row of another. Hashes are as good where there are few, and hold where there
# are many. Unfolding impressions has no other way than a loop, whose price would set off the compiler.
_SETTINGS = "SET LOCAL enable_nestloop = off; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'"


@contextmanager
def large_read() -> Iterator[CursorWrapper]:
    """Within a transaction; three SQL commands besides what is read."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
        yield cursor
