"""A ranker of boosted trees, learned by LambdaMART (Burges 2010) with LightGBM (Ke et al. 2017).

Trees see what a weight for each feature cannot: that a brand counts only where the kind is right, say. They need many
queries for it (search/ranker_choice.py asks for 500), and are small, so that they have little to learn by heart. They
start from the scores without them, as the linear ranker does: what they give is added.
"""

import logging
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from search.ranker import PAGE, RankedList
from search.trees import Trees

logger = logging.getLogger(__name__)

TREES, LEAVES = 120, 4
LEAST_IN_LEAF = 60  # products: one query's own cannot fill it
LEARNING_RATE = 0.05
RIDGE = 10.0
STEPS_A_GRADE = 10  # LightGBM takes whole labels; grades from clicks are none
MAX_LABEL = 30


@cache
def can_grow() -> bool:
    """Whether LightGBM can be loaded: its wheel needs the system's OpenMP library. The log says what to install."""
    try:
        import lightgbm  # noqa: F401  # not at the top: tens of megabytes that only a worker that trains needs
    except (ImportError, OSError) as error:
        logger.warning("No ranker of trees: LightGBM cannot be loaded (%s); install libgomp1, or libomp.", error)
        return False
    return True


def train_trees(lists: Sequence[RankedList], *, seed: int = 5) -> Trees:
    """Trees whose sum is best added to the scores of these lists; always the same. Seconds for a thousand queries.

    Raises ImportError or OSError where not `can_grow`.
    """
    import lightgbm

    rows = np.concatenate([one.features for one in lists])
    labels = np.concatenate([np.rint(one.grades * STEPS_A_GRADE) for one in lists]).clip(0, MAX_LABEL).astype(int)
    data = lightgbm.Dataset(
        rows,
        label=labels,
        group=[len(one.grades) for one in lists],
        init_score=np.concatenate([one.base for one in lists]),
        free_raw_data=False,
    )
    booster = lightgbm.train(_parameters(seed), data, num_boost_round=TREES)
    return _as_arrays(booster.dump_model())


def _parameters(seed: int) -> dict[str, Any]:
    return {
        "objective": "lambdarank",
        "label_gain": [2 ** (label / STEPS_A_GRADE) - 1 for label in range(MAX_LABEL + 1)],
        "lambdarank_truncation_level": 2 * PAGE,
        "learning_rate": LEARNING_RATE,
        "num_leaves": LEAVES,
        "min_data_in_leaf": LEAST_IN_LEAF,
        "lambda_l2": RIDGE,
        "feature_pre_filter": False,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "seed": seed,
        "verbosity": -1,
    }


def _as_arrays(model: dict[str, Any]) -> Trees:
    nodes: list[tuple[int, float, int, int, float]] = []
    roots = [_add(tree["tree_structure"], nodes) for tree in model["tree_info"]]
    features, thresholds, left, right, values = zip(*nodes, strict=True) if nodes else ((),) * 5
    return Trees(
        np.array(features, dtype=np.intp), np.array(thresholds, dtype=np.float64), np.array(left, dtype=np.intp),
        np.array(right, dtype=np.intp), np.array(values, dtype=np.float64), np.array(roots, dtype=np.intp),
    )  # fmt: skip


def _add(node: dict[str, Any], nodes: list[tuple[int, float, int, int, float]]) -> int:
    """Appends a node with everything below it; returns its number."""
    number = len(nodes)
    if "leaf_value" in node:
        nodes.append((0, 0.0, number, number, node["leaf_value"]))
        return number
    nodes.append((0, 0.0, number, number, 0.0))  # its children come after it
    left, right = _add(node["left_child"], nodes), _add(node["right_child"], nodes)
    nodes[number] = (node["split_feature"], node["threshold"], left, right, 0.0)
    return number
