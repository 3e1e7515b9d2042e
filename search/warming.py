"""Loads what the first search of a process needs, encoder, kinds and spelling, before a shopper waits for it."""

import logging
import threading

from django.db import DatabaseError, connection

from search.encoder import EncoderUnavailable
from search.pipeline import search_products

logger = logging.getLogger(__name__)


def warm_in_background() -> threading.Thread:
    """Starts loading in a thread of its own; a search that comes meanwhile waits only for what is not there yet."""
    thread = threading.Thread(target=warm, name="warm-search", daemon=True)
    thread.start()
    return thread


def warm() -> None:
    """Searches once, which nobody sees and nothing logs. Where that fails the first shopper's search says why."""
    try:
        search_products("warm", page_size=1)
    except (DatabaseError, EncoderUnavailable) as error:
        logger.info("Search is not loaded ahead: %s", error)
    finally:
        connection.close()
