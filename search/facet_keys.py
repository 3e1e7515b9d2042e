"""Which attributes shoppers can filter by, proposed from the catalogue itself.

A good filter has a few values that many products share: "color", "size", "ram_gb". A product's weight in grams or its
country's customs code has not. Merchants switch proposals off in the admin; a key once known is not proposed again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from search.models import FacetKey, FacetValue
from search.product_text import attribute_values

MAX_KEYS = 200
MAX_VALUES = 60  # more is a search of its own, not a list on a phone
MAX_VALUE_LENGTH = 40
MIN_PRODUCTS = 4  # below this a filter hides less than one glance would
MIN_SHARE = 3  # products per value, on average


def propose_facet_keys(attribute_sets: Iterable[Mapping[str, Any]]) -> int:
    """Adds keys that make good filters, most common first; returns how many are new."""
    support: Counter[str] = Counter()
    values: dict[str, set[str]] = defaultdict(set)
    long: set[str] = set()
    for attributes in attribute_sets:
        for key, raw in attributes.items():
            support[key] += 1
            for value in attribute_values(raw):
                if len(value) > MAX_VALUE_LENGTH:
                    long.add(key)
                elif len(values[key]) <= MAX_VALUES:
                    values[key].add(value)
    good = [
        key
        for key, products in support.most_common()
        if key not in long
        and products >= MIN_PRODUCTS
        and 2 <= len(values[key]) <= MAX_VALUES
        and products >= MIN_SHARE * len(values[key])
    ]
    known = set(FacetKey.objects.values_list("key", flat=True))
    new = [FacetKey(key=key) for key in good[: max(0, MAX_KEYS - len(known))] if key not in known and len(key) <= 80]
    FacetKey.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def facet_value_ids(attribute_sets: Iterable[Mapping[str, Any]]) -> list[list[int]]:
    """For each product the FacetValue ids of its attributes; values that are new get their rows."""
    active = set(FacetKey.objects.filter(is_active=True).values_list("key", flat=True))
    pairs = [
        [(key, value) for key, raw in attributes.items() if key in active for value in attribute_values(raw)]
        for attributes in attribute_sets
    ]
    wanted = {(key, value) for row in pairs for key, value in row if len(value) <= MAX_VALUE_LENGTH}
    ids = _ids(wanted)
    missing = sorted(wanted - set(ids))
    if missing:
        rows = [FacetValue(key=key, value=value) for key, value in missing]
        FacetValue.objects.bulk_create(rows, ignore_conflicts=True)
        ids = _ids(wanted)
    return [[ids[pair] for pair in row if pair in ids] for row in pairs]


def _ids(wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    rows = FacetValue.objects.filter(key__in={key for key, _ in wanted}).values_list("key", "value", "id")
    return {(key, value): pk for key, value, pk in rows if (key, value) in wanted}


def known_facet_ids(attributes: Iterable[tuple[str, str]]) -> dict[str, list[int]]:
    """FacetValue ids of the chosen values by key; a value that no product has gets none. One SQL query, or none."""
    wanted = set(attributes)
    found: dict[str, list[int]] = {key: [] for key, _ in wanted}
    for (key, _), pk in _ids(wanted).items() if wanted else ():
        found[key].append(pk)
    return found
