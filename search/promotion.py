"""The only code that changes the active version: promote, roll back, and delete what nobody goes back to.

A change is one transaction on one row each; every web process looks at most a second later (search/versions.py), and a
search keeps the version it began with, so no search mixes vectors of two.
"""

import logging
import shutil
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from search import versions
from search.encoder import EncoderUnavailable
from search.export import checksum
from search.index import stale_products
from search.learning_models import TrainingRound
from search.models import CategoryName, EncoderVersion, ProductEmbedding, ProductKinds, TypePartition
from search.versions import encoder_folder, encoder_of, versions_under_test
from shop.catalog.models import Product

logger = logging.getLogger(__name__)

GRACE = timedelta(days=2)  # that a version's embeddings are kept after it was replaced or refused
MISSING_SHARE = 0.01  # of the products may lack a vector when a version takes over: they were edited a moment ago


class PromotionRefused(Exception):
    """The version cannot become the active one; the message says why and what to do."""


def promote(version: EncoderVersion, *, by: str) -> None:
    """Makes it the active version, in one transaction. Raises PromotionRefused, and nothing has changed then."""
    if EncoderVersion.objects.filter(pk=version.pk, is_active=True).exists():
        raise PromotionRefused(f"{version} is active already.")
    _require_files(version)
    _require_embeddings(version)
    _switch(version, by)


def rollback(*, by: str) -> EncoderVersion:
    """Makes the version active that was so before; returns it. Raises PromotionRefused.

    At once, whatever was edited since: the sweep after it (search/index.py) takes what is stale under it.
    """
    version = previous_version()
    if version is None:
        raise PromotionRefused("There is no version to roll back to.")
    _require_files(version)
    if not ProductEmbedding.objects.filter(version=version).exists() and Product.objects.exists():
        raise PromotionRefused(f"The embeddings of {version} were deleted; promote_encoder makes them again.")
    _switch(version, by)
    return version


def previous_version() -> EncoderVersion | None:
    """The one that was active before the active one."""
    before = EncoderVersion.objects.filter(is_active=False, activated_at__isnull=False).order_by("-activated_at")
    return before.first()


def clean_up() -> int:
    """Deletes the embeddings of versions that nobody goes back to, and the files of refused ones; how many versions.

    Kept: the active one, the previous one, those in an online test or an unfinished round, and what is younger than
    GRACE. Files of versions that no round made are somebody's own.
    """
    previous = previous_version()
    kept = {version.pk for version in versions_under_test()} | ({previous.pk} if previous else set())
    before = timezone.now() - GRACE
    old = (
        EncoderVersion.objects.filter(is_active=False, created_at__lt=before)
        .exclude(pk__in=kept)
        .exclude(activated_at__gte=before)
        .exclude(rounds__in=TrainingRound.objects.filter(finished_at__isnull=True))
    )
    return sum(_delete_what_it_embedded(version) | _delete_if_refused(version) for version in old)


def drop_vector_index(version: EncoderVersion) -> None:
    """The version's HNSW index, if there is one; searches under other versions go on meanwhile."""
    concurrently = "" if connection.in_atomic_block else "CONCURRENTLY"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {concurrently} IF EXISTS search_vectors_v{int(version.pk)}")


def _delete_what_it_embedded(version: EncoderVersion) -> bool:
    drop_vector_index(version)
    models = (ProductEmbedding, ProductKinds, TypePartition, CategoryName)
    deleted = sum(model.objects.filter(version=version).delete()[0] for model in models)
    if deleted:
        logger.info("The embeddings of %s are deleted", version)
    return deleted > 0


def _delete_if_refused(version: EncoderVersion) -> bool:
    folder = encoder_folder(version)
    is_refused = version.activated_at is None and "round" in version.card and folder.is_dir()
    if is_refused:
        shutil.rmtree(folder, ignore_errors=True)
        logger.info("The files of %s are deleted", version)
    return is_refused


def _switch(version: EncoderVersion, by: str) -> None:
    before = EncoderVersion.objects.filter(is_active=True).first()
    versions.activate(version)
    versions.forget()
    logger.info("%s is the active version, it was %s (by %s)", version, before, by)


def _require_files(version: EncoderVersion) -> None:
    """They are there, they are the ones that were registered, and they load."""
    model = encoder_folder(version) / "model.onnx"
    try:
        digest = checksum(model)
        encoder_of(version)
    except OSError as error:
        raise PromotionRefused(f"{model} cannot be read ({error.strerror}); export {version} again.") from error
    except EncoderUnavailable as error:
        raise PromotionRefused(f"{error}") from error
    if digest != version.checksum:
        raise PromotionRefused(f"{model} has changed since {version} was registered; export it again.")


def _require_embeddings(version: EncoderVersion) -> None:
    products = Product.objects.filter(is_active=True).count()
    missing = stale_products(version).count()
    if missing > MISSING_SHARE * products:
        raise PromotionRefused(f"{missing} of {products} products are not embedded under {version} yet.")
