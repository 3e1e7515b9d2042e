"""A small catalogue as the training of an encoder sees it: notebooks, sleeves (one of them for notebooks) and lamps."""

import numpy as np

from search.catalogue_pairs import CatalogueProduct
from search.partitions import Types

NOTEBOOKS, SLEEVES, LAMPS = range(1, 21), range(21, 31), range(31, 51)
NOTEBOOK_SLEEVE = 21
COLOURS = ("red", "blue")


def described() -> list[CatalogueProduct]:
    """50 products; the id is the row + 1. Half of the notebooks are red, half are blue."""
    notebooks = [_product(pk, f"Acme Notebook {pk}", "Acme", "A notebook that goes with you wherever you go, all day.")
                 for pk in NOTEBOOKS]  # fmt: skip
    sleeves = [_product(pk, f"Padded Sleeve {pk}", "Wrap", "") for pk in SLEEVES]
    sleeves[0] = _product(NOTEBOOK_SLEEVE, "Padded Sleeve for Notebook", "Wrap", "")
    lamps = [_product(pk, f"Desk Lamp {pk}", "Lumo", "") for pk in LAMPS]
    return [*notebooks, *sleeves, *lamps]


def kinds() -> Types:
    """(50, 2): notebooks, sleeves and lamps, alike in both partitions but for their numbers."""
    one = np.array([0] * len(NOTEBOOKS) + [1] * len(SLEEVES) + [2] * len(LAMPS), dtype=np.int64)
    return np.stack([one, 7 - one], axis=1)


def _product(pk: int, title: str, brand: str, description: str) -> CatalogueProduct:
    colour = COLOURS[pk % 2]
    return CatalogueProduct(pk, title, description, brand, (), (("color", colour),), (title, f"{title} {colour}"))
