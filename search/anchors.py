"""What the parent makes of a training set: what fine-tuning holds queries made of the catalogue to (search/losses.py).

Vectors of these queries and of all products, as the parent serves them: a file beside the training set, so that
training needs neither the database nor a second model in memory.
"""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from search.encoder import Vectors
from search.training_files import ANCHORS

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Anchors:
    """Unit vectors of queries (q, d), by the `numbers` of their examples (q,), and of products (p, d), by their ids."""

    numbers: Numbers
    queries: Vectors
    product_ids: Numbers
    products: Vectors


def write_anchors(anchors: Anchors, folder: Path) -> None:
    """As `anchors.npz`, whole or not at all; vectors in half precision."""
    unfinished = folder / f"{ANCHORS}.part"
    with unfinished.open("wb") as file:
        np.savez(
            file, numbers=anchors.numbers, queries=anchors.queries.astype(np.float16), product_ids=anchors.product_ids,
            products=anchors.products.astype(np.float16),
        )  # fmt: skip
    unfinished.rename(folder / ANCHORS)


def read_anchors(folder: Path) -> Anchors | None:
    """What `write_anchors` wrote; None where there are none, or not whole: then nothing is held."""
    try:
        with np.load(folder / ANCHORS) as found:
            return Anchors(
                found["numbers"], found["queries"].astype(np.float32), found["product_ids"],
                found["products"].astype(np.float32),
            )  # fmt: skip
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
