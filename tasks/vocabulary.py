"""Keeps the words that spelling is corrected with as new as the catalogue."""

import logging

from search import corrections
from tasks.celery import app

logger = logging.getLogger(__name__)


@app.task(name="refresh_vocabulary", expires=3600)
def refresh_vocabulary() -> int:
    """Builds the vocabulary if products have changed; returns of how many products. Any number may run at once."""
    products = corrections.refresh_vocabulary()
    logger.info("Vocabulary of %d products built", products)
    return products
