"""Keeps what shoppers choose for a query as new as the log."""

import logging

from search import click_memory
from tasks.celery import app

logger = logging.getLogger(__name__)


@app.task(name="refresh_click_memory", expires=3600)
def refresh_click_memory() -> int:
    """Learns from clicks if there are new ones; returns of how many queries. Any number may run at once."""
    queries = click_memory.refresh_if_clicked()
    logger.info("Clicks of %d queries learned", queries)
    return queries
