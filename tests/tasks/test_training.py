"""Learning has a queue of its own, begins at night, and is looked after every five minutes."""

from pathlib import Path

import pytest
from celery.schedules import crontab

from search.learning_models import TrainingRound
from shop.demo.children import store_children
from tasks.celery import app
from tasks.training import resume_training, retrain_encoder
from tests.tasks.conftest import StartWorker, wait_until


@pytest.mark.parametrize("name", ["retrain_encoder", "resume_training"])
def test_learning_waits_for_nothing_and_nothing_waits_for_it(name: str) -> None:
    app.loader.import_default_modules()
    assert app.amqp.router.route({}, name)["queue"].name == "learning"


def test_the_beat_learns_at_three_in_the_morning_of_the_store() -> None:
    entry = app.conf.beat_schedule["retrain-encoder"]
    assert (entry["task"], entry["schedule"]) == ("retrain_encoder", crontab(hour=3, minute=0))


def test_the_beat_looks_for_an_interrupted_round_and_its_messages_do_not_pile_up() -> None:
    entry = app.conf.beat_schedule["resume-training"]
    assert (entry["task"], entry["schedule"], entry["options"]) == ("resume_training", 300.0, {"expires": 300})


def test_the_demo_has_a_nice_process_for_it(tmp_path: Path) -> None:
    (learning,) = [child for child in store_children(8000, tmp_path) if child.name == "learning"]
    assert learning.command[:3] == ["nice", "-n", "15"]
    assert learning.command[learning.command.index("-Q") + 1] == "learning"


@pytest.mark.django_db
def test_a_night_without_an_encoder_ends_with_a_sentence() -> None:
    number = retrain_encoder()
    found = TrainingRound.objects.get()
    assert (found.pk, found.stage) == (number, "skipped")
    assert found.message == "There is no active encoder version yet; export one first (manage.py export_encoder)."


@pytest.mark.django_db
def test_without_an_interrupted_round_there_is_nothing_to_resume() -> None:
    assert resume_training() == 0
    retrain_encoder()
    assert resume_training() == 0
    assert TrainingRound.objects.count() == 1


@pytest.mark.django_db
def test_an_interrupted_round_is_resumed_and_not_begun_again() -> None:
    interrupted = TrainingRound.objects.create(parameters={})
    assert resume_training() == interrupted.pk
    interrupted.refresh_from_db()
    assert (interrupted.stage, interrupted.attempts) == ("skipped", 1)
    assert TrainingRound.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_for_learning_takes_the_message(start_worker: StartWorker) -> None:
    retrain_encoder.delay()
    with start_worker("learning", queue="learning"):
        wait_until(TrainingRound.objects.filter(finished_at__isnull=False).exists)
    said = TrainingRound.objects.values_list("message", flat=True)  # a message may be delivered twice
    assert [text for text in said if not text.startswith("There is no active encoder version yet")] == []
