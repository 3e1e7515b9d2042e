"""Statements that PostgreSQL plans once per connection: for the few that every search runs.

Planning the search statement takes as long as a fifth of running it. Django sends values inside the text, so it is
planned anew each time; here values are parameters, and the text stays the same. The plan is then for any values
(plan_cache_mode in shop/environment.py), which suits statements without filters. Statements with filters go the usual
way, because their best plan depends on the values.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql


@contextmanager
def prepared_cursor() -> Iterator[Any]:
    """A cursor like Django's, with its error classes and its count of queries, whose parameters stay parameters.

    Casts (`%s::text`) are needed where PostgreSQL cannot tell a parameter's type.
    """
    connection.ensure_connection()
    with connection._prepare_cursor(psycopg.Cursor(connection.connection)) as cursor:  # type: ignore[attr-defined]
        yield cursor


def beside_parameters(value: sql.Composable) -> sql.Composable:
    """SQL with literals in it, fit for a statement that has parameters too: there, a percent sign begins one."""
    return sql.SQL(value.as_string(None).replace("%", "%%"))
