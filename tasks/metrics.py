"""Forgets how fast the store was a month ago."""

import logging

from shop.metrics import readings
from tasks.celery import app

logger = logging.getLogger(__name__)


@app.task(name="delete_old_readings", expires=3600)
def delete_old_readings() -> int:
    """Deletes readings of more than 30 days ago; returns how many. Any number may run at once."""
    deleted = readings.delete_old_readings()
    logger.info("%d old readings deleted", deleted)
    return deleted
