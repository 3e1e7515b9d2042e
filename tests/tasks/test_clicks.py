"""Clicks are learned by a background task that the beat sends."""

import logging

import pytest

from search.learning_models import ClickMemory
from tasks.celery import app
from tasks.clicks import refresh_click_memory
from tests.search.search_log import did, searched


@pytest.mark.django_db
def test_clicks_are_learned_once(caplog: pytest.LogCaptureFixture) -> None:
    for client in range(3):
        did("click", searched("kettle", client, product_ids=[1, 2, 3]), 3, 3)
    with caplog.at_level(logging.INFO, "tasks.clicks"):
        assert [refresh_click_memory(), refresh_click_memory()] == [1, 0]
    assert [row.query for row in ClickMemory.objects.all()] == ["kettle"]
    assert [record.getMessage() for record in caplog.records] == [
        "Clicks of 1 queries learned",
        "Clicks of 0 queries learned",
    ]


def test_the_beat_learns_every_two_minutes_in_the_background() -> None:
    app.loader.import_default_modules()
    entry = app.conf.beat_schedule["refresh-click-memory"]
    assert (entry["task"], entry["schedule"], entry["options"]) == ("refresh_click_memory", 120.0, {"expires": 120})
    assert app.amqp.router.route({}, entry["task"])["queue"].name == "background"
