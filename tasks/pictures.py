"""Draws pictures before somebody asks for them."""

import logging

from shop.catalog import pictures
from tasks.celery import app

logger = logging.getLogger(__name__)


@app.task(name="warm_renditions")
def warm_renditions() -> int:
    """Renders the sizes that phones ask for first and that are not there; returns how many."""
    done = pictures.warm_renditions()
    logger.info("%d pictures rendered", done)
    return done
