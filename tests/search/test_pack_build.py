"""Building the pack: when, of what, and the same again."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from search import versions
from search.index import embed_stale_products
from search.models import EncoderVersion
from search.pack import build, cards, files, training
from search.pack.build import build_pack, refresh_pack
from search.pack.cards import packed_products, read_cards
from search.pack.files import CurrentPack, current_pack, pack_path
from search.pack.format import from_bytes
from search.versions import activate, active_encoder
from shop.catalog.models import Product
from tests.catalogue import add_picture, make_category, make_product
from tests.search.packs import search_of
from tests.search.small_store import make_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "few_queries")]


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def few_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Training takes seconds: what is trained on is the same, only less."""
    monkeypatch.setattr(training, "EXAMPLES", 200)
    monkeypatch.setattr(training, "COMMON_WORDS", 60)
    monkeypatch.setattr(training, "NEAR_WORDS", 20)


@pytest.fixture
def store(active_encoder_version: EncoderVersion) -> list[Product]:
    products = make_store()
    embed_stale_products()
    return products


def current() -> CurrentPack:
    pack = current_pack()
    assert pack is not None
    return pack


def found(text: str) -> list[str]:
    pack = from_bytes(pack_path(current().checksum).read_bytes())
    return [pack.cards.title[row] for row in search_of(pack).search(text, 3)]


def test_what_is_built_finds_products_by_words_typos_and_meaning(store: list[Product]) -> None:
    assert refresh_pack() == 72
    assert found("red kettle")[0] == "Red Kettle"
    assert sorted(found("ketle")) == ["Blue Kettle", "Green Kettle", "Red Kettle"]
    assert any("Headphones" in title for title in found("headphone audio"))


def test_a_store_without_products_or_encoder_has_no_pack(active_encoder_version: EncoderVersion) -> None:
    assert (refresh_pack(), current_pack()) == (0, None)
    EncoderVersion.objects.update(is_active=False)
    make_product("Lamp")
    assert (refresh_pack(at_once=True), current_pack()) == (0, None)


def test_the_same_catalogue_gives_the_same_bytes(store: list[Product]) -> None:
    refresh_pack()
    first = current()
    refresh_pack(at_once=True)
    assert current().checksum == first.checksum


def test_nothing_is_built_while_nothing_changed_or_the_last_is_young(
    store: list[Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [refresh_pack(), refresh_pack()] == [72, 0]
    store[0].delete()
    assert refresh_pack() == 0  # not before MIN_AGE
    monkeypatch.setattr(build, "_is_old", lambda latest: True)
    assert [refresh_pack(), refresh_pack()] == [71, 0]


def test_a_deleted_and_an_inactive_product_leave_and_the_encoder_stays(
    store: list[Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_is_old", lambda latest: True)
    refresh_pack()
    trained_at = current().trained_at
    Product.objects.get(title="Red Kettle").delete()
    Product.objects.filter(title="Blue Kettle").update(is_active=False, updated_at=timezone.now())
    embed_stale_products()
    assert refresh_pack() == 70
    assert "Green Kettle" in found("kettle")
    assert not {"Red Kettle", "Blue Kettle"} & set(found("kettle"))
    assert current().trained_at == trained_at


def test_a_new_version_is_trained_for(store: list[Product], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_is_old", lambda latest: True)
    refresh_pack()
    trained_at, old = current().trained_at, EncoderVersion.objects.get()
    new = EncoderVersion.objects.create(name="next", path=old.path, checksum=old.checksum, dimensions=384)
    activate(new)
    embed_stale_products()
    versions.forget()
    assert refresh_pack() == 72
    assert current().version_id == new.pk
    assert current().trained_at > trained_at


def test_many_edits_are_trained_on(store: list[Product], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_is_old", lambda latest: True)
    refresh_pack()
    trained_at = current().trained_at
    few, many = [product.pk for product in store[:7]], [product.pk for product in store[:8]]
    Product.objects.filter(pk__in=few).update(updated_at=timezone.now())
    refresh_pack()
    assert current().trained_at == trained_at
    Product.objects.filter(pk__in=many).update(updated_at=timezone.now())  # more than a tenth of 72
    refresh_pack()
    assert current().trained_at > trained_at


def test_the_most_popular_products_are_taken_first(store: list[Product], monkeypatch: pytest.MonkeyPatch) -> None:
    Product.objects.filter(pk=store[40].pk).update(popularity=9)
    monkeypatch.setattr(cards, "MOST_PRODUCTS", 5)
    active = active_encoder()
    assert active is not None
    assert packed_products(active.version_id) == [store[40].pk, *(product.pk for product in store[:4])]


def test_a_training_is_kept_for_its_version_only(store: list[Product]) -> None:
    active = active_encoder()
    assert active is not None
    built = build_pack(active, packed_products(active.version_id))
    files.keep_trained(built.pack.encoder, built.space, active.version_id)
    kept = files.trained(active.version_id)
    assert kept is not None
    assert kept[0].tokens == built.pack.encoder.tokens
    assert np.array_equal(kept[0].table, built.pack.encoder.table)
    assert files.trained(active.version_id + 1) is None


def test_only_the_latest_packs_stay(store: list[Product], media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_is_old", lambda latest: True)
    refresh_pack()
    for number in range(files.KEPT + 1):
        Product.objects.filter(pk=store[0].pk).update(price_cents=100 + number, updated_at=timezone.now())
        refresh_pack()
    assert len(list((media / files.FOLDER).glob("*.pack.gz"))) == files.KEPT
    assert pack_path(current().checksum).is_file()


def test_cards_have_what_the_phone_shows(django_assert_num_queries: Any) -> None:
    kitchen = make_category("kitchen", translations={"zh": {"name": "厨房"}})
    mug = make_product(
        "Mug", brand="Casalina", category=kitchen, sale_price_cents=999, rating_average="4.25", rating_count=3,
        translations={"zh": {"title": "杯子"}},
    )  # fmt: skip
    plain = make_product("Plain", stock=0, translations={"zh": {"title": "Plain"}})
    add_picture(mug, "second", position=1)
    add_picture(mug, "first", position=0)
    with django_assert_num_queries(2):
        read = read_cards([plain.pk, mug.pk])
    assert (read.id, read.title, read.zh) == ([plain.pk, mug.pk], ["Plain", "Mug"], ["", "杯子"])
    assert (read.brands, read.brand) == (["Casalina"], [-1, 0])
    assert (read.categories, read.category) == ([("kitchen", "Kitchen", "厨房")], [-1, 0])
    assert (read.pictures, read.picture) == ([("first", 960, 960, "#e8eef7")], [-1, 0])
    assert (read.price_cents, read.sale_price_cents) == ([1999, 1999], [None, 999])
    assert (read.rating, read.ratings, read.in_stock) == ([None, 4.25], [0, 3], [False, True])
    assert read.texts()[1] == "Mug 杯子 Casalina Kitchen 厨房"
