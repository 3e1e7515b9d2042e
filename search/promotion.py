"""The only code that changes the active version."""

from search import versions
from search.models import EncoderVersion


class PromotionRefused(Exception):
    """The version cannot become the active one; the message says why."""


def promote(version: EncoderVersion, *, by: str) -> None:
    """Makes it the active version. Raises PromotionRefused."""
    if EncoderVersion.objects.filter(pk=version.pk, is_active=True).exists():
        raise PromotionRefused(f"{version} is active already.")
    versions.activate(version)
    versions.forget()


def rollback(*, by: str) -> EncoderVersion:
    """Makes the version active that was so before; returns it. Raises PromotionRefused."""
    before = EncoderVersion.objects.filter(is_active=False, activated_at__isnull=False).order_by("-activated_at")
    version = before.first()
    if version is None:
        raise PromotionRefused("There is no version to roll back to.")
    promote(version, by=by)
    return version
