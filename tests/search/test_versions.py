"""Which encoder is active, and that it is loaded once."""

import logging
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from search import versions
from search.encoder import EncoderUnavailable
from search.models import EncoderVersion
from search.versions import active_encoder, active_version, encoder_folder, encoder_of
from tests.search.vectors import make_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    versions.forget()


def test_only_one_version_can_be_active() -> None:
    make_version("one", is_active=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_version("two", is_active=True)
    assert EncoderVersion.objects.filter(is_active=True).count() == 1


def test_the_active_version_is_asked_for_once_in_a_while(django_assert_num_queries: Any) -> None:
    one = make_version("one", is_active=True)
    with django_assert_num_queries(1):
        assert [active_version() for _ in range(3)] == [one] * 3


def test_a_promotion_is_seen_when_asked_afresh() -> None:
    one, two = make_version("one", is_active=True), make_version("two")
    assert active_version() == one
    EncoderVersion.objects.filter(pk=one.pk).update(is_active=False)
    EncoderVersion.objects.filter(pk=two.pk).update(is_active=True)
    assert active_version() == one
    assert active_version(fresh=True) == two
    assert active_version() == two


def test_an_encoder_is_loaded_once(active_encoder_version: EncoderVersion) -> None:
    assert encoder_of(active_encoder_version) is encoder_of(active_encoder_version)
    active = active_encoder()
    assert active is not None
    assert (active.version_id, active.encoder) == (active_encoder_version.pk, encoder_of(active_encoder_version))


def test_a_broken_encoder_is_not_tried_at_every_search(
    settings: Any, tmp_path: Path, exported_encoder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ENCODER_DIR = tmp_path
    version = EncoderVersion.objects.create(name="late", path="late", checksum="x", is_active=True)
    with pytest.raises(EncoderUnavailable, match="export_encoder"):
        encoder_of(version)
    (tmp_path / "late").symlink_to(exported_encoder)
    with pytest.raises(EncoderUnavailable, match="a moment ago"):
        encoder_of(version)
    with caplog.at_level(logging.WARNING):
        assert active_encoder() is None
    assert "Searching without meaning" in caplog.text
    versions.forget()
    assert active_encoder() is not None


def test_without_a_version_there_is_no_encoder_and_no_complaint(caplog: pytest.LogCaptureFixture) -> None:
    assert active_encoder() is None
    assert caplog.text == ""


def test_a_relative_path_is_under_the_encoders_folder_and_an_absolute_one_stays(settings: Any, tmp_path: Path) -> None:
    settings.ENCODER_DIR = tmp_path
    assert encoder_folder(EncoderVersion(path="mini")) == tmp_path / "mini"
    assert encoder_folder(EncoderVersion(path="/models/mini")) == Path("/models/mini")
