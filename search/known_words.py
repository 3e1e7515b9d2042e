"""The catalogue's own words, remembered by the process: which brands there are, and which values products are
filtered by. They are few and change seldom, so they are read again every REFRESH_S.
"""

import time
from collections import defaultdict
from dataclasses import dataclass, field

from search.facet_words import Vocabulary, vocabulary_of
from search.models import FacetKey, FacetValue
from shop.catalog.models import Product

REFRESH_S = 60.0


@dataclass(frozen=True)
class Known:
    """The vocabulary, and the FacetValue ids of each key's values."""

    vocabulary: Vocabulary
    facet_ids: dict[str, dict[str, int]]
    read_at: float = field(default_factory=time.monotonic)


_cached: Known | None = None


def known_words() -> Known:
    """At most REFRESH_S old; three SQL queries when it is read."""
    global _cached
    if _cached is None or time.monotonic() - _cached.read_at > REFRESH_S:
        _cached = _read()
    return _cached


def forget() -> None:
    """Reads the words anew at the next search: for tests."""
    global _cached
    _cached = None


def _read() -> Known:
    brands = Product.objects.filter(is_active=True).exclude(brand="").order_by("brand").values_list("brand", flat=True)
    keys = list(FacetKey.objects.filter(is_active=True).values_list("key", flat=True))
    facet_ids: dict[str, dict[str, int]] = defaultdict(dict)
    for key, value, pk in FacetValue.objects.filter(key__in=keys).order_by("id").values_list("key", "value", "id"):
        facet_ids[key][value] = pk
    values = [(key, value) for key, ids in facet_ids.items() for value in ids]
    return Known(vocabulary_of(brands.distinct(), values), dict(facet_ids))
