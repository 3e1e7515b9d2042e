"""Edits are embedded by real workers, whatever happens to workers and messages."""

import logging
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from search.index import stale_products
from search.models import EncoderVersion, LexicalDocument, ProductEmbedding
from shop.catalog.models import Product
from shop.demo.children import store_children
from tasks.celery import app
from tasks.embeddings import embed_stale_products
from tests.catalogue import make_product
from tests.tasks.conftest import StartWorker, wait_until

LONG = "warm light jacket for wind and rain with many pockets and a hood that folds away " * 8


@pytest.fixture(autouse=True)
def empty_broker() -> Iterator[None]:
    shutil.rmtree(settings.BROKER_DIR, ignore_errors=True)
    yield
    if settings.BROKER_DIR.is_file():
        settings.BROKER_DIR.unlink()


def _messages() -> list[Path]:
    return list(settings.BROKER_DIR.glob("*")) if settings.BROKER_DIR.is_dir() else []


def _make_products(count: int) -> None:
    Product.objects.bulk_create(
        Product(sku=f"J-{number}", title=f"Jacket {number}", description=LONG, price_cents=1999, stock=1)
        for number in range(count)
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_edit_is_embedded_by_a_worker_and_leaves_no_message(
    active_encoder_version: EncoderVersion, start_worker: StartWorker
) -> None:
    with transaction.atomic():
        product = make_product("Red kettle")
        embed_stale_products.delay_on_commit()
        assert _messages() == []
    embed_stale_products.apply_async(expires=-1)  # nobody took it in time
    assert len(_messages()) == 2
    with start_worker("worker"):
        wait_until(lambda: ProductEmbedding.objects.filter(product=product).exists())
        wait_until(lambda: not _messages())
    assert list(stale_products(active_encoder_version)) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_was_embedding_is_embedded_by_the_next_sweep(
    active_encoder_version: EncoderVersion, start_worker: StartWorker
) -> None:
    _make_products(100)
    embed_stale_products.delay()
    with start_worker("killed") as worker:
        wait_until(LexicalDocument.objects.exists)  # words are written before vectors
        worker.kill()
    assert not ProductEmbedding.objects.exists()
    assert _messages() == []  # gone with its worker
    assert stale_products(active_encoder_version).count() == 100
    embed_stale_products.delay()  # as the beat does every minute
    with start_worker("next"):
        wait_until(lambda: ProductEmbedding.objects.count() == 100)
    assert list(stale_products(active_encoder_version)) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_workers_embed_every_product_once(
    active_encoder_version: EncoderVersion, start_worker: StartWorker
) -> None:
    _make_products(60)
    for _ in range(6):
        embed_stale_products.delay()
    with start_worker("first") as first, start_worker("second") as second:
        wait_until(lambda: ProductEmbedding.objects.count() == 60 and not _messages())
        first.stop()
        second.stop()
    done = [int(n) for w in (first, second) for n in re.findall(r"(\d+) products embedded", w.log.read_text())]
    assert (sum(done), len(done)) == (60, 6)


@pytest.mark.django_db(transaction=True)
def test_saving_works_while_the_broker_is_away_and_the_next_sweep_embeds(
    active_encoder_version: EncoderVersion, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BROKER_DIR.write_text("not a folder")
    with caplog.at_level(logging.WARNING, "tasks.celery"), transaction.atomic():
        product = make_product("Red kettle")
        embed_stale_products.delay_on_commit()
    assert Product.objects.filter(pk=product.pk).exists()
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "embed_stale_products was not queued, the next sweep does its work"
    ]
    assert embed_stale_products() == 1
    assert list(stale_products(active_encoder_version)) == []


def test_the_beat_sweeps_every_minute_and_its_messages_do_not_outlive_the_next() -> None:
    app.loader.import_default_modules()
    entry = app.conf.beat_schedule["embed-stale-products"]
    assert app.tasks[entry["task"]].run.__doc__.startswith("Indexes and embeds what was edited since")
    assert (entry["schedule"], entry["options"]) == (60.0, {"expires": 60})


def test_every_task_has_a_queue_that_the_demo_listens_to(tmp_path: Path) -> None:
    app.loader.import_default_modules()
    names = [name for name in app.tasks if not name.startswith("celery.")]
    queues = {name: app.amqp.router.route({}, name)["queue"].name for name in names}
    assert queues["embed_stale_products"] == "edits"
    commands = [child.command for child in store_children(8000, tmp_path)]
    listened_to = {command[command.index("-Q") + 1] for command in commands if "-Q" in command}
    assert set(queues.values()) == listened_to == {"edits", "background", "learning"}
