"""Starting and stopping online tests. One runs at a time, so that a search belongs to at most one.

A test compares what was chosen when it was made: versions by their number, so a promotion in the meantime changes
nothing about it. From then on until it ends `search.index` embeds edited products under its versions, too.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from search.index import stale_products
from search.learning_models import OnlineTest
from search.models import EncoderVersion
from search.variants import Variant
from search.versions import active_version, can_answer


class CannotStart(Exception):
    """The test cannot run now; the message says why and what to do, for merchants."""


def start(test: OnlineTest) -> None:
    """From now on searches are mixed. Raises CannotStart."""
    for fields in (test.variant_a, test.variant_b):
        _check(Variant.from_json(fields))
    ready = OnlineTest.objects.filter(pk=test.pk, is_running=False, ended_at__isnull=True)
    try:
        with transaction.atomic():
            started = ready.update(is_running=True, started_at=timezone.now())
    except IntegrityError as error:
        other = OnlineTest.objects.filter(is_running=True).first()
        raise CannotStart(f"“{other}” is running. Only one test can run at a time: stop that one first.") from error
    if not started:
        raise CannotStart("This test was started before. Make a new one to compare again.")


def stop(test: OnlineTest) -> bool:
    """Ends the test for good; whether it was running."""
    running = OnlineTest.objects.filter(pk=test.pk, is_running=True)
    return bool(running.update(is_running=False, ended_at=timezone.now()))


def _check(variant: Variant) -> None:
    """Whether the variant can answer, and finds every product by its meaning."""
    number = variant.version_id
    version = EncoderVersion.objects.filter(pk=number).first() if number is not None else active_version(fresh=True)
    if version is None:
        raise CannotStart("An encoder version of this test was deleted. Make a new test.")
    if not can_answer(variant):
        raise CannotStart(f"The encoder of “{version}” cannot be loaded: are its files there?")
    stale = stale_products(version).count()
    if stale:
        raise CannotStart(
            f"Products that are not embedded under “{version}” yet: {stale:,}. That happens by itself for the versions "
            "of a test; try again in a minute."
        )
