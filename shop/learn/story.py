"""The steps of `manage.py learn`, each told in plain words with the time that it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from search import click_data, click_memory, remembered_clicks
from search.comparison import Comparison, read_record
from search.learning_models import TrainingRound
from search.management.commands.simulate_shoppers import as_text, check_store
from search.metrics import Values
from search.models import EncoderVersion
from search.recipe import Recipe
from search.round_bar import RoundBar
from search.rounds import retrain
from search.versions import active_version
from shop.demo.steps import StepFailed
from shop.demo.terminal import Terminal
from shop.learn.measuring import BEFORE, after, before, measured, values_by_group
from shop.learn.plot import save_plot
from shop.learn.queries import Split, split_needs
from shop.learn.report import measured_lines, slice_lines
from shop.learn.shoppers import send_shoppers, store_for

TURNS, TURN_S = 10, 0.5  # how often the click memory is asked for while another process is at it, and how long between
BUSY = "Nothing was trained: another process is at a round of learning. Its progress is in the admin."


@dataclass(frozen=True)
class Learned:
    """What the round came to: the gate's sentence, its comparison where there was one, and whether the round ended."""

    decision: str
    comparison: Comparison | None = None
    is_done: bool = False


class Story:
    """Tells what is done, and how long each step took."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._steps = 0
        self._began = time.monotonic()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        self._steps += 1
        self._terminal.say(f"{self._steps}. {title} ...")
        began = time.monotonic()
        yield
        self._terminal.say(f"   {time.monotonic() - began:.0f} s\n")

    def tell(self, text: str) -> None:
        self._terminal.say("\n".join(f"   {line}".rstrip() for line in text.splitlines()))

    def total(self) -> None:
        self._terminal.say(f"All of it took {(time.monotonic() - self._began) / 60:.1f} minutes.")


def tell_story(
    story: Story, *, needs: int, sessions: int, recipe: Recipe, seed: int, url: str | None, plot: Path
) -> Learned:
    """From the queries to the plot, in a store that is prepared.

    Raises NoNeeds, StoreFailed, StoreDidNotStart, StepFailed, and OSError for the plot.
    """
    with story.step("Choosing what shoppers want, and measuring what they get now"):
        split, version = split_needs(needs, seed=seed), _active()
        story.tell(
            f"{len(split.asked)} queries made of the catalogue will be searched for. {len(split.held_out)} are held "
            "out: nobody searches for them."
        )
        values = {BEFORE: values_by_group(split.groups(), before(version.pk))}
    with story.step(f"Sending {sessions:,} simulated shoppers over the public API"):
        _send(story, split, sessions, seed=seed, url=url)
    with story.step("Bringing the click memory up to date"):
        story.tell(f"{_refresh_memory()} queries changed in it.")
    with story.step("A round of learning: fine-tuning, embedding all products anew, and the gate"):
        learned = _learn(story, recipe)
    with story.step("Measuring again"):
        _measure_again(story, split, version, values)
        found = measured(values)
        story.tell("\n".join(measured_lines(found)))
        save_plot(plot, found, learned.comparison, learned.decision)
        story.tell(f"\nThe plot is in {plot}")
    return learned


def _active() -> EncoderVersion:
    version = active_version(fresh=True)
    if version is None:
        raise StepFailed("There is no active encoder version; `manage.py export_encoder` makes one.")
    return version


def _send(story: Story, split: Split, sessions: int, *, seed: int, url: str | None) -> None:
    with store_for(url) as address:
        check_store(address)
        story.tell(f"They visit {address}, where real shoppers of this store would leave the same traces.")
        story.tell(as_text(send_shoppers(address, split.asked, sessions, seed=seed)))


def _refresh_memory() -> int:
    """How many queries changed; 0 where a running demo was at it all the time, which then does the same."""
    click_data.refresh_position_bias()
    changed = 0
    for _ in range(TURNS):
        if changed := click_memory.refresh_click_memory():
            break
        time.sleep(TURN_S)
    remembered_clicks.forget()
    return changed


def _learn(story: Story, recipe: Recipe) -> Learned:
    """A round that had been interrupted goes on first; it knows nothing of the new clicks, so another one follows."""
    began = timezone.now()
    with RoundBar() as bar:
        found = retrain(recipe=recipe, even_if_nothing_new=True, progress=bar.show)
        if found is not None and found.started_at < began:
            story.tell(f"A round that had been interrupted was finished first. {found.message}")
            found = retrain(recipe=recipe, even_if_nothing_new=True, progress=bar.show)
    if found is None:
        story.tell(BUSY)
        return Learned(BUSY)
    comparison = _comparison(found)
    story.tell(found.message)
    if comparison is not None:
        story.tell("\n" + "\n".join(slice_lines(comparison)))
    return Learned(found.message, comparison, is_done=found.stage != TrainingRound.Stage.FAILED)


def _comparison(found: TrainingRound) -> Comparison | None:
    """What the gate saw; None where it had no query, or the round did not get there."""
    if found.challenger is None:
        return None
    found.challenger.refresh_from_db()
    comparison = read_record(found.challenger.gate)[0] if found.challenger.gate else None
    return comparison if comparison and any(one.queries for one in comparison.slices) else None


def _measure_again(story: Story, split: Split, version: EncoderVersion, values: dict[str, dict[str, Values]]) -> None:
    for system, variant in after(version.pk).items():
        values[system] = values_by_group(split.groups(), variant)
    live = _active()
    story.tell(f"Shoppers get {live} now; before it was {version}." if live != version else f"{version} stays active.")
