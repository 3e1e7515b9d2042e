"""Item groups to propose: products that are most likely variants of one, for merchants to accept or decline.

Products of one brand and category are candidates when their titles say the same once the words for colours and sizes
are left out. Titles alone are not enough ("Vase, blue" may be another vase), so their vectors must be near: nearer than
SURE of the pairs of different products of one brand and category are in this catalogue, which is measured each time.
Nothing is grouped by itself.
"""

import random
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from django.db import transaction
from django.utils.text import slugify

from search import item_groups
from search.encoder import Vectors
from search.models import FacetValue, ProductEmbedding
from search.product_text import attribute_values
from search.rule_models import DeclinedItemGroup
from search.versions import active_version
from search.words import split_words
from shop.catalog.models import Product

SURE = 0.95
PAIRS, MIN_PAIRS = 2000, 30  # of different products, to measure by
UNMEASURED = 0.9  # the cosine that is asked for where there are fewer pairs
MAX_PROPOSALS = 50
MIN_WORDS = 2  # of a title that are neither its brand's nor of a colour or a size
_SEED = 17

_AXES = ("color", "colour", "size", "storage", "capacity", "volume", "length", "pack", "scent", "flavor", "flavour")
_SIZES = frozenset("xxs xs s m l xl xxl xxxl 2xl 3xl 4xl small medium large mini".split())
_COLORS = frozenset(
    "beige black blue bronze brown burgundy clear copper coral cream cyan gold golden graphite gray green grey indigo "
    "ivory khaki lavender lilac lime magenta maroon mint mustard natural navy olive orange peach pink purple red rose "
    "sand silver teal transparent turquoise violet white yellow dark light".split()
)
_UNITS = "gb tb mb ml cl l cm mm m in inch inches ft oz g kg lb w mah pack pcs".split()
_MEASURE = re.compile(rf"\d+(\.\d+)?({'|'.join(_UNITS)})")


@dataclass(frozen=True)
class Candidate:
    """What is read of one product."""

    product_id: int
    title: str
    brand: str
    category_id: int | None
    item_group: str
    attributes: Mapping[str, object]


@dataclass(frozen=True)
class Proposal:
    """Products that would share `item_group`; `cosine` is that of the least alike to the one in the middle."""

    key: str  # the same as long as brand, category and the words in common are
    item_group: str
    product_ids: tuple[int, ...]
    titles: tuple[str, ...]
    cosine: float


def propose_item_groups(*, limit: int = MAX_PROPOSALS) -> list[Proposal]:
    """The largest first; none that was declined, and none of groups that are as they would be. Four SQL queries.

    Nothing without an active encoder version.
    """
    version = active_version()
    if version is None:
        return []
    colors, declined = _colors(), set(DeclinedItemGroup.objects.values_list("key", flat=True))
    same = alike(_candidates(), colors)
    several = {key: found for key, found in same.items() if _is_news(found) and key not in declined}
    pairs = _different_pairs(same)
    wanted = {one.product_id for found in several.values() for one in found} | {pk for pair in pairs for pk in pair}
    rows = ProductEmbedding.objects.filter(version=version, product__in=wanted).values_list("product_id", "vector")
    vectors = {pk: np.array(vector, dtype=np.float32) for pk, vector in rows}
    least = threshold([pair for pair in pairs if pair[0] in vectors and pair[1] in vectors], vectors)
    taken = set(Product.objects.exclude(item_group="").values_list("item_group", flat=True).distinct())
    found = [_proposal(key, members, vectors, least, taken) for key, members in several.items()]
    ranked = sorted((one for one in found if one), key=lambda one: (-len(one.product_ids), one.titles))
    return ranked[:limit]


def accept(item_group: str, product_ids: Collection[int]) -> int:
    """Puts these products into the group, and says how many. What is indexed of them stays as it is."""
    count = Product.objects.filter(pk__in=product_ids).update(item_group=item_group)
    transaction.on_commit(item_groups.forget)
    return count


def decline(key: str) -> None:
    """It is not proposed again. Safe to do twice."""
    DeclinedItemGroup.objects.get_or_create(key=key)


def alike(products: Iterable[Candidate], colors: Collection[str]) -> dict[str, list[Candidate]]:
    """By key, the products of one brand and category whose titles say the same but for colours and sizes."""
    found: dict[str, list[Candidate]] = defaultdict(list)
    for one in products:
        words = common_words(one.title, one.attributes, colors)
        if len(set(words) - set(split_words(one.brand))) >= MIN_WORDS:
            text = repr((one.brand.lower(), one.category_id, words))
            found[blake2b(text.encode(), digest_size=16).hexdigest()].append(one)
    return dict(found)


def common_words(title: str, attributes: Mapping[str, object], colors: Collection[str]) -> tuple[str, ...]:
    """The title's words without those of colours and sizes: by their look, or as the product's own attributes say.

    A number alone is a model's, unless the product's size is that number.
    """
    own = {
        word
        for key, raw in attributes.items()
        if any(axis in key.lower() for axis in _AXES)
        for value in attribute_values(raw)
        for word in split_words(value)
    }
    left, words = [], split_words(title)
    for place, word in enumerate(words):
        is_measured = word.replace(".", "", 1).isdigit() and words[place + 1 : place + 2] in [[unit] for unit in _UNITS]
        is_unit = word in _UNITS and place > 0 and words[place - 1].replace(".", "", 1).isdigit()
        is_said = word in own or word in colors or word in _SIZES
        if not (is_said or is_measured or is_unit or _MEASURE.fullmatch(word)):
            left.append(word)
    return tuple(left)


def threshold(pairs: Sequence[tuple[int, int]], vectors: Mapping[int, Vectors]) -> float:
    """The cosine that only 1 - SURE of the pairs of different products exceed."""
    if len(pairs) < MIN_PAIRS:
        return UNMEASURED
    cosines = [float(vectors[one] @ vectors[other]) for one, other in pairs]
    return float(np.quantile(cosines, SURE))


def _candidates() -> list[Candidate]:
    rows = Product.objects.filter(is_active=True).exclude(brand="").order_by("pk")
    fields = ("pk", "title", "brand", "category_id", "item_group", "attributes")
    return [Candidate(*row) for row in rows.values_list(*fields).iterator()]


def _colors() -> frozenset[str]:
    """Of the language, and those that the catalogue's own products come in."""
    own = FacetValue.objects.filter(key__iregex="colou?r").values_list("value", flat=True)
    return _COLORS | {word for value in own for word in split_words(value) if len(word) > 2 and word.isalpha()}


def _is_news(members: Sequence[Candidate]) -> bool:
    """Whether there are several, they differ, and they are not in one group already, nor in two."""
    groups = {one.item_group for one in members}
    differ = len({(one.title, repr(sorted(one.attributes.items(), key=str))) for one in members}) > 1
    return len(members) > 1 and differ and "" in groups and len(groups) <= 2


def _different_pairs(same: Mapping[str, Sequence[Candidate]]) -> list[tuple[int, int]]:
    """At most PAIRS of products of one brand and category that are no variants of each other; the same ones always."""
    rng = random.Random(_SEED)
    shelves: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for members in same.values():
        shelves[members[0].brand.lower(), members[0].category_id].append(members[0].product_id)
    several = [found for found in shelves.values() if len(found) > 1]
    if not several:
        return []
    weights = [len(found) for found in several]
    picked = (rng.sample(found, 2) for found in rng.choices(several, weights, k=PAIRS))
    return list(dict.fromkeys((min(pair), max(pair)) for pair in picked))


def _proposal(
    key: str, members: Sequence[Candidate], vectors: Mapping[int, Vectors], least: float, taken: Collection[str]
) -> Proposal | None:
    """Those that are near enough to the one in the middle; None where that leaves fewer than two, or nothing new."""
    known = [one for one in members if one.product_id in vectors]
    if len(known) < 2:
        return None
    matrix = np.stack([vectors[one.product_id] for one in known])
    cosines = matrix @ matrix.T
    middle = cosines[int(cosines.sum(axis=0).argmax())]
    near = [(one, float(cosine)) for one, cosine in zip(known, middle, strict=True) if cosine >= least]
    if len(near) < 2 or not _is_news([one for one, _ in near]):
        return None
    return Proposal(
        key=key,
        item_group=next((one.item_group for one, _ in near if one.item_group), None) or _name(near[0][0], key, taken),
        product_ids=tuple(one.product_id for one, _ in near),
        titles=tuple(one.title for one, _ in near),
        cosine=min(cosine for _, cosine in near),
    )


def _name(one: Candidate, key: str, taken: Collection[str]) -> str:
    """From the title's words; with a piece of the key where another group has that name."""
    name = slugify(" ".join(common_words(one.title, one.attributes, _COLORS)))[:70] or key
    return f"{name}-{key[:6]}" if name in taken else name
