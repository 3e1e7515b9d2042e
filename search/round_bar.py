"""A progress bar for a round of learning, on a terminal."""

from typing import Any

from tqdm import tqdm

from search.learning_models import TrainingRound

FORMAT = "{desc}: {percentage:3.0f}% |{bar}| {elapsed}{postfix}"


class RoundBar:
    """A bar for each stage, with the loss while training; `show` is what search/rounds.py calls as its progress."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._stage = ""

    def __enter__(self) -> "RoundBar":
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def show(self, found: TrainingRound, word: str) -> None:
        if found.finished_at:
            self._close(is_done=True)
        elif found.stage != self._stage or self._bar is None:
            self._close(is_done=True)
            self._stage = found.stage
            title = found.get_stage_display().capitalize()
            self._bar = tqdm(total=100, desc=title, bar_format=FORMAT, disable=None)
        else:
            self._bar.n = round(found.progress * 100)
            self._bar.set_postfix_str(word)

    def _close(self, *, is_done: bool = False) -> None:
        """A stage that was interrupted keeps the share that it had."""
        if self._bar is not None:
            self._bar.n = 100 if is_done else self._bar.n
            self._bar.close()
            self._bar = None
