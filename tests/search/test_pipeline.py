"""search_products: what shoppers see of the catalogue, page by page and edit by edit."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from django.utils import timezone

from search import versions
from search.filters import ProductFilters
from search.index import embed_stale_products
from search.models import EncoderVersion
from search.pipeline import search_products
from search.retrieval import SORTS
from shop.catalog.models import Product
from tests.catalogue import make_product
from tests.search.generated import generate
from tests.search.vectors import give_vectors

pytestmark = pytest.mark.django_db

PUBLIC_SORTS = ["relevance", *SORTS]


def found_ids(query: str, **options: object) -> list[int]:
    return [hit.product_id for hit in search_products(query, **options).hits]  # type: ignore[arg-type]


def titles(query: str, **options: object) -> list[str]:
    names = dict(Product.objects.values_list("id", "title"))
    return [names[pk] for pk in found_ids(query, **options)]


@pytest.fixture
def catalogue() -> list[Product]:
    products = generate(200)
    embed_stale_products()
    return products


def in_order(products: list[Product], sort: str) -> list[int]:
    """The active products' ids as the sort's name promises, ties by id."""

    def price(product: Product) -> int:
        return product.price_cents if product.sale_price_cents is None else product.sale_price_cents

    def rating(product: Product) -> float:
        return -1.0 if product.rating_average is None else float(product.rating_average)

    keys = {
        "price_asc": lambda p: (price(p), p.pk),
        "price_desc": lambda p: (-price(p), p.pk),
        "rating": lambda p: (-rating(p), -p.rating_count, p.pk),
        "newest": lambda p: (-(p.released_on or date.min).toordinal(), -p.pk),
        "popular": lambda p: (p.stock == 0, -p.popularity, p.pk),
    }
    return [product.pk for product in sorted(products, key=keys[sort]) if product.is_active]


@pytest.mark.parametrize("sort", list(SORTS))
def test_sorted_hits_are_in_the_promised_order_with_ties_by_id(catalogue: list[Product], sort: str) -> None:
    expected = in_order(catalogue, sort)
    assert found_ids("", sort=sort, page_size=100) + found_ids("", sort=sort, page=2, page_size=100) == expected


@pytest.mark.parametrize("sort", list(SORTS))
def test_sorting_a_query_sorts_its_matches(catalogue: list[Product], sort: str) -> None:
    matching = set(found_ids("lamp", page_size=100))
    assert found_ids("lamp", sort=sort, page_size=100) == [pk for pk in in_order(catalogue, sort) if pk in matching]


@pytest.mark.parametrize("query", ["", "lamp", "bright lamp steel"])
@pytest.mark.parametrize("sort", PUBLIC_SORTS)
def test_pages_are_one_order_cut_in_pieces(catalogue: list[Product], query: str, sort: str) -> None:
    whole = search_products(query, sort=sort, page_size=1000)
    assert len(whole.hits) == whole.total
    pieces = [
        search_products(query, sort=sort, page=page, page_size=17).hits for page in range(1, whole.total // 17 + 2)
    ]
    assert [hit.product_id for hits in pieces for hit in hits] == [hit.product_id for hit in whole.hits]
    assert [hit.position for hits in pieces for hit in hits] == list(range(1, whole.total + 1))


def test_pages_go_on_after_the_candidates_without_a_seam(active_encoder_version: EncoderVersion) -> None:
    for number in range(130):
        make_product(f"Kettle {number % 7}", sku=f"k{number}")
    embed_stale_products()
    whole = search_products("kettle", page_size=1000)
    assert (whole.mode, whole.total, len({hit.product_id for hit in whole.hits})) == ("hybrid", 130, 130)
    pieces = [search_products("kettle", page=page, page_size=24).hits for page in range(1, 7)]
    assert [hit.product_id for hits in pieces for hit in hits] == [hit.product_id for hit in whole.hits]


def test_equally_good_products_come_by_id() -> None:
    products = [make_product("Kettle", sku=f"k{number}") for number in range(9)]
    embed_stale_products()
    assert found_ids("kettle") == [product.pk for product in products]


def test_a_product_taken_off_sale_is_gone_at_once(active_encoder_version: EncoderVersion) -> None:
    kettle, pot = make_product("Red kettle"), make_product("Tea pot")
    embed_stale_products()
    Product.objects.filter(pk=kettle.pk).update(is_active=False, updated_at=timezone.now())
    for query in ("", "red kettle", "boil water"):
        found = search_products(query)
        assert kettle.pk not in {hit.product_id for hit in (*found.hits, *found.related)}
        assert found.total <= 1
    assert found_ids("") == [pot.pk]


def test_an_edited_product_is_found_by_its_new_words_only() -> None:
    product = make_product("Red kettle", sku="X1", description="For tea.")
    embed_stale_products()
    product.title, product.description = "Blue toaster", "For bread."
    product.save()
    embed_stale_products()
    assert found_ids("toaster") == [product.pk]
    assert found_ids("kettle") == []


def test_price_stock_and_rating_are_read_live() -> None:
    product = make_product("Kettle", price_cents=5000, stock=0)
    embed_stale_products()
    cheap = ProductFilters(price_max_cents=1000, in_stock=True, rating_min=4)
    assert found_ids("kettle", filters=cheap) == []
    Product.objects.filter(pk=product.pk).update(sale_price_cents=900, stock=1, rating_average=4)
    assert found_ids("kettle", filters=cheap) == [product.pk]


def test_brand_and_model_number_find_the_product_first(active_encoder_version: EncoderVersion) -> None:
    for number in range(30):
        make_product(
            f"Bosko washing machine, {number} kg drum", sku=f"w{number}", brand="Bosko", mpn=f"WAN{28000 + number}",
            description="A quiet washing machine for a family.",
        )  # fmt: skip
    embed_stale_products()
    for number in (0, 17, 29):
        assert titles(f"bosko wan{28000 + number}")[0] == f"Bosko washing machine, {number} kg drum"


def test_meaning_finds_what_no_word_says(active_encoder_version: EncoderVersion) -> None:
    make_product("Down jacket", description="Warm in snow.")
    make_product("Kitchen knife", description="Cuts bread.")
    embed_stale_products()
    assert titles("winter coat")[0] == "Down jacket"


def test_a_search_reads_the_vectors_of_the_version_that_encoded_it(
    active_encoder_version: EncoderVersion, exported_encoder: Path
) -> None:
    first, second = make_product("One"), make_product("Two")
    embed_stale_products()
    later = EncoderVersion.objects.create(name="later", path=exported_encoder.name, checksum="later")
    vector = versions.encoder_of(active_encoder_version).encode_query("something")
    opposite = -vector
    for version, good, bad in ((active_encoder_version, first, second), (later, second, first)):
        version.embeddings.all().delete()
        give_vectors([good, bad], np.stack([vector, opposite]), version)

    def best() -> tuple[int | None, int, float | None]:
        versions.forget()
        found = search_products("something")
        return found.version_id, found.hits[0].product_id, found.hits[0].semantic

    assert best() == (active_encoder_version.pk, first.pk, pytest.approx(1, abs=1e-3))
    EncoderVersion.objects.filter(pk=active_encoder_version.pk).update(is_active=False)
    EncoderVersion.objects.filter(pk=later.pk).update(is_active=True)
    assert best() == (later.pk, second.pk, pytest.approx(1, abs=1e-3))


@pytest.mark.parametrize("broken", ["missing", "not a graph", "no version"])
def test_without_an_encoder_words_still_find_with_true_counts(
    broken: str, tmp_path: Path, settings: object, exported_encoder: Path
) -> None:
    settings.ENCODER_DIR = tmp_path  # type: ignore[attr-defined]
    if broken == "not a graph":
        for name in ("encoder.json", "tokenizer.json"):
            (tmp_path / name).write_bytes((exported_encoder / name).read_bytes())
        (tmp_path / "model.onnx").write_bytes(b"not a graph")
    if broken != "no version":
        EncoderVersion.objects.create(name=broken, path=".", checksum=broken, is_active=True)
    versions.forget()
    for number in range(30):
        make_product(f"Kettle {number}", brand="Bosko" if number % 3 else "Lumen", sku=f"k{number}")
    embed_stale_products()
    found = search_products("kettle", filters=ProductFilters(brands=("Bosko",)))
    assert (found.mode, found.notice, found.version_id, found.total) == ("lexical", "words_only", None, 20)
    brands = next(facet for facet in found.facets if facet.key == "brand")
    assert {value.value: value.count for value in brands.values} == {"Bosko": 20, "Lumen": 10}


def test_related_products_fill_a_page_and_are_no_hits(active_encoder_version: EncoderVersion) -> None:
    EncoderVersion.objects.update(relevance_floor=0.99)
    versions.forget()
    kettle = make_product("Kettle")
    others = [make_product(f"Thing {number}") for number in range(3)]
    embed_stale_products()
    EncoderVersion.objects.update(relevance_floor=-1)
    versions.forget()
    found = search_products("kettle", page_size=24)
    shown = {hit.product_id for hit in found.hits} | {hit.product_id for hit in found.related}
    assert shown == {kettle.pk, *(other.pk for other in others)}
    positions = [hit.position for hit in (*found.hits, *found.related)]
    assert positions == list(range(1, len(positions) + 1))


def test_where_filters_leave_fewer_than_three_similar_ones_come_without_them(
    active_encoder_version: EncoderVersion,
) -> None:
    EncoderVersion.objects.update(relevance_floor=-1)
    kettles = [make_product(f"Kettle {number}", brand="Lumen" if number < 3 else "Bosko") for number in range(6)]
    embed_stale_products()
    versions.forget()

    def related(*brands: str, price_max_cents: int | None = None) -> set[int]:
        filters = ProductFilters(brands=brands, price_max_cents=price_max_cents)
        found = search_products("kettle", filters=filters)
        assert not {hit.product_id for hit in found.hits} & {hit.product_id for hit in found.related}
        return {hit.product_id for hit in found.related}

    Product.objects.filter(pk__in=[kettles[0].pk, kettles[1].pk]).update(price_cents=100)
    assert related("Lumen") == set()  # three are enough
    assert related("Lumen", price_max_cents=100) == {kettle.pk for kettle in kettles[2:]}
    assert related("Nobody") == {kettle.pk for kettle in kettles}


def test_the_four_systems_of_an_evaluation_differ_in_their_sides(active_encoder_version: EncoderVersion) -> None:
    make_product("Kettle")
    embed_stale_products()
    assert search_products("kettle", system="lexical").mode == "lexical"
    assert search_products("kettle", system="lexical").notice is None
    (hit,) = search_products("kettle", system="semantic").hits
    assert hit.lexical == 0
    assert hit.semantic is not None


def test_a_language_that_the_encoder_cannot_read_is_searched_by_words(active_encoder_version: EncoderVersion) -> None:
    case = make_product("Phone case", translations={"zh": {"title": "手机壳"}})
    for number in range(5):
        make_product(f"Phone stand {number}", translations={"zh": {"title": f"手机支架 {number}"}})
    embed_stale_products()
    versions.forget()
    results = search_products("手机壳")
    assert (results.mode, results.notice) == ("lexical", None)
    assert results.hits[0].product_id == case.pk
    assert results.related == ()
