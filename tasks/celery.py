"""The Celery application: `celery -A tasks.celery worker` and `celery -A tasks.celery beat`.

No task matters by itself: what has to be done stands in the database, the beat looks for it every minute, and a
message only makes it happen sooner. So a lost broker costs a minute and never an error for whoever saved a product.
"""

import logging
from typing import Any

from celery import Celery, signals
from celery.contrib.django.task import DjangoTask
from celery.schedules import crontab
from django.conf import settings
from kombu.exceptions import KombuError
from kombu.transport import TRANSPORT_ALIASES

from shop.environment import load_settings

load_settings()
logger = logging.getLogger(__name__)

# What nobody waits for.
BACKGROUND = ("warm_renditions", "refresh_vocabulary", "refresh_click_memory", "delete_old_readings")
# What takes minutes, so that nothing else waits behind it.
LEARNING = ("retrain_encoder", "resume_training", "refresh_search_pack")


class StoreTask(DjangoTask):
    """A task whose message may get lost: when the broker is away that is logged, and the beat does the work."""

    def apply_async(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().apply_async(*args, **kwargs)
        except KombuError as error:
            logger.warning("%s was not queued, the next sweep does its work: %s", self.name, error)
            return None


def _transport_options(broker_url: str) -> dict[str, Any]:
    """A broker that is away is noticed in 2 s; the one in the file system is asked ten times a second."""
    if not broker_url.startswith("filesystem:"):
        return {"socket_connect_timeout": 2, "max_retries": 1, "interval_start": 0.1}
    return {"folder": str(settings.BROKER_DIR), "polling_interval": 0.1}


TRANSPORT_ALIASES["filesystem"] = "tasks.broker:Transport"
signals.setup_logging.connect(lambda **_: None, weak=False)  # settings.LOGGING is how we log; Celery would change it
app = Celery("pocketshop", task_cls=StoreTask)
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_transport_options=_transport_options(settings.CELERY_BROKER_URL),
    broker_connection_timeout=2,
    broker_connection_retry_on_startup=True,
    imports=tuple(
        f"tasks.{name}" for name in "clicks embeddings metrics pictures search_pack training vocabulary".split()
    ),
    task_default_queue="edits",  # what a merchant waits for
    task_routes={
        **{name: {"queue": "background"} for name in BACKGROUND},
        **{name: {"queue": "learning"} for name in LEARNING},
    },
    task_ignore_result=True,
    task_publish_retry=False,  # whoever saves a product does not wait for a broker
    task_acks_late=True,  # a killed worker's task is done again; all of them may run twice
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_enable_remote_control=False,
    timezone=settings.TIME_ZONE,
    beat_scheduler="celery.beat:Scheduler",  # keeps no file that a kill -9 could break
    beat_schedule={
        "retrain-encoder": {"task": "retrain_encoder", "schedule": crontab(hour=3, minute=0)},  # in TIME_ZONE
        "resume-training": {"task": "resume_training", "schedule": 300.0, "options": {"expires": 300}},
        "embed-stale-products": {"task": "embed_stale_products", "schedule": 60.0, "options": {"expires": 60}},
        "refresh-vocabulary": {"task": "refresh_vocabulary", "schedule": 60.0, "options": {"expires": 60}},
        "delete-old-readings": {"task": "delete_old_readings", "schedule": crontab(minute=17)},
        "refresh-search-pack": {"task": "refresh_search_pack", "schedule": 120.0, "options": {"expires": 120}},
        "refresh-click-memory": {"task": "refresh_click_memory", "schedule": 120.0, "options": {"expires": 120}},
    },
)
