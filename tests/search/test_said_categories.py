"""Which categories a query names, by the end of its words."""

import pytest

from search.index import embed_stale_products
from search.models import EncoderVersion
from search.pipeline import search_products
from search.said_categories import said_categories
from shop.catalog.models import Category
from tests.catalogue import make_category, make_product

pytestmark = pytest.mark.django_db

NAMES = {
    "Laptop": "笔记本电脑",
    "Gaming Laptop": "游戏本",
    "Laptop Bag": "电脑包",
    "Phone Case": "手机壳",
    "Camera Bag": "相机包",
    "Running Shoes": "跑鞋",
    "Earbuds": "真无线耳机",
    "Wireless Headphones": "头戴式耳机",
}


@pytest.fixture
def store() -> None:
    for name, chinese in NAMES.items():
        category = make_category(name.lower().replace(" ", "-"), name, translations={"zh": {"name": chinese}})
        make_product(f"A {name}", sku=name, category=category, price_cents=90_00)
    make_category("empty", "Empty Laptop")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("laptop", {"Laptop", "Gaming Laptop"}),
        ("Laptops", {"Laptop", "Gaming Laptop"}),
        ("gaming laptops", {"Gaming Laptop"}),
        ("red laptop", {"Laptop"}),
        ("laptop bag", {"Laptop Bag"}),
        ("bag", {"Laptop Bag", "Camera Bag"}),
        ("bag for laptop", {"Laptop Bag", "Camera Bag"}),
        ("running shoes with spikes", {"Running Shoes"}),
        ("手机壳", {"Phone Case"}),
        ("红色手机壳", {"Phone Case"}),
        ("耳机", {"Earbuds", "Wireless Headphones"}),
        ("something for my laptop", set()),
        ("laptop stand", set()),
        ("壳", set()),
        ("", set()),
        ("for laptop", {"Laptop"}),
    ],
)
def test_the_thing_comes_last(store: None, query: str, said: set[str]) -> None:
    assert set(Category.objects.filter(pk__in=said_categories(query)).values_list("name", flat=True)) == said


def test_cheap_means_cheap_for_a_laptop(store: None) -> None:
    laptop, bag = Category.objects.get(name="Laptop"), Category.objects.get(name="Laptop Bag")
    for number in range(6):
        make_product(f"Laptop {number}", sku=f"l{number}", category=laptop, price_cents=500_00 + 100_00 * number)
        make_product(f"Laptop bag {number}", sku=f"b{number}", category=bag, price_cents=20_00)
    embed_stale_products()
    [cheap] = search_products("cheap laptop").understood.constraints
    assert cheap.max_cents == 500_00  # 90, 90 and 500: a third of eight, rounded up


def test_the_nearest_price_is_of_what_was_asked_for(store: None) -> None:
    embed_stale_products()
    bag = Category.objects.get(name="Laptop Bag")
    make_product("Laptop bag, small", sku="small", category=bag, price_cents=15_00)
    embed_stale_products()
    found = search_products("laptop under $20").understood
    assert ([one.nearest_cents for one in found.relaxed], found.constraints) == ([90_00], ())


def test_a_category_that_is_named_in_chinese_comes_first(active_encoder_version: EncoderVersion) -> None:
    case = make_category("phone-case", "Phone Case", translations={"zh": {"name": "手机壳"}})
    charger = make_category("charger")
    for number in range(4):
        make_product(
            f"Wireless charger {number}", sku=f"c{number}", category=charger,
            translations={"zh": {"title": "无线充电器", "description": "手机壳不用取下。"}},
        )  # fmt: skip
    make_product(
        "Phone case", sku="case", category=case,
        translations={"zh": {"title": "手机壳 绿色 皮革", "description": "摔到水泥地也能保护手机。不占地方。"}},
    )  # fmt: skip
    embed_stale_products()
    first = search_products("手机壳").hits[0]
    assert first.product_id == case.products.get().pk
