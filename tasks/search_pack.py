"""Keeps what phones search with as new as the catalogue."""

import logging

from search.pack import build
from tasks.celery import app

logger = logging.getLogger(__name__)


@app.task(name="refresh_search_pack", expires=3600)
def refresh_search_pack() -> int:
    """Builds the pack if products or the version have changed; returns its products. Any number may run at once."""
    products = build.refresh_pack()
    logger.info("Pack of %d products built", products)
    return products
