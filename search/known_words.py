"""The catalogue's own words, remembered by the process: which brands there are, and which values products are
filtered by. They are few and change seldom, so they are read again every REFRESH_S.
"""

from collections import defaultdict
from dataclasses import dataclass

from search.facet_words import Vocabulary, vocabulary_of
from search.models import FacetKey, FacetValue
from search.remembered import Remembered
from shop.catalog.models import Product

REFRESH_S = 60.0


@dataclass(frozen=True)
class Known:
    """The vocabulary, and the FacetValue ids of each key's values."""

    vocabulary: Vocabulary
    facet_ids: dict[str, dict[str, int]]


def _read() -> Known:
    brands = Product.objects.filter(is_active=True).exclude(brand="").order_by("brand").values_list("brand", flat=True)
    keys = list(FacetKey.objects.filter(is_active=True).values_list("key", flat=True))
    facet_ids: dict[str, dict[str, int]] = defaultdict(dict)
    for key, value, pk in FacetValue.objects.filter(key__in=keys).order_by("id").values_list("key", "value", "id"):
        facet_ids[key][value] = pk
    values = [(key, value) for key, ids in facet_ids.items() for value in ids]
    return Known(vocabulary_of(brands.distinct(), values), dict(facet_ids))


known_words = Remembered(_read, max_age_s=REFRESH_S)  # at most REFRESH_S old; three SQL queries when it is read
forget = known_words.forget
