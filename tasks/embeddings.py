"""Keeps the search index as new as the catalogue."""

import logging

from search import index
from search.encoder import EncoderUnavailable
from tasks.celery import app

logger = logging.getLogger(__name__)


@app.task(name="embed_stale_products", throws=(EncoderUnavailable,), expires=3600)
def embed_stale_products() -> int:
    """Indexes and embeds what was edited since; returns how many products. Any number may run at once."""
    done = index.embed_stale_products()
    logger.info("%d products embedded", done)
    return done
