"""Lets the store learn at night, and goes on with a round whose worker died."""

from search import rounds
from tasks.celery import app


@app.task(name="retrain_encoder")
def retrain_encoder() -> int:
    """A round of learning; returns its number, 0 while another process is at it. Any number may run at once."""
    found = rounds.retrain()
    return found.pk if found else 0


@app.task(name="resume_training", expires=600)
def resume_training() -> int:
    """Goes on with an unfinished round that nobody is at; returns its number, or 0."""
    found = rounds.resume()
    return found.pk if found else 0
