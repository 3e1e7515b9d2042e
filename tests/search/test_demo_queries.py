"""What shoppers would type, on the demo catalogue with the real encoder: the right kind of product on top.

A smoke test of the whole pipeline, not a measure: that is `evaluate_search`. Four products of every type are searched.
"""

import os

import pytest

from search.index import embed_stale_products
from search.models import EncoderVersion
from search.pipeline import search_products
from shop.catalog.demo.catalogue import departments_and_types
from shop.catalog.demo.load import load_demo_catalogue
from shop.catalog.models import Product

TOP = 3
# A query, and the product types that answer it: the first three hits must have one of them.
QUERIES = {
    "something to keep coffee hot": {"Coffee Mug", "Water Bottle", "Coffee Maker"},
    "gift for a toddler": {"Teddy Bear", "Children's Picture Book", "Baby Comforter", "Nesting Dolls", "Toy Robot"},
    "laptop bag": {"Laptop Bag"},
    "charger for laptop": {"Laptop Charger"},
    "notebook computer for gaming": {"Gaming Laptop"},
    "noise cancelling headphones": {"Wireless Headphones"},
    "waterproof jacket for hiking": {"Rain Jacket"},
    "shoes for jogging": {"Running Shoes"},
    "keep dry in the rain": {"Umbrella", "Rain Jacket"},
    "cut vegetables": {"Chef's Knife", "Cutting Board"},
    "warm hands in winter": {"Winter Gloves"},
    "print documents at home": {"Printer"},
    "ink": {"Ink Cartridge"},
    "vacuum cleaner that drives by itself": {"Robot Vacuum"},
    "food for my kitten": {"Cat Food"},
    "protect skin from the sun": {"Sunscreen"},
    "engagement jewellery": {"Ring", "Necklace", "Gemstone Pendant"},
    "strings for guitar": {"Guitar Strings"},
    "teddy": {"Teddy Bear"},
    "smartphne case": {"Phone Case"},
    "降噪耳机": {"Wireless Headphones", "Earbuds"},
    "猫粮": {"Cat Food"},
    "雨伞": {"Umbrella"},
    "咖啡豆": {"Coffee Beans"},
    "手机壳": {"Phone Case"},
}


@pytest.mark.slow
@pytest.mark.django_db
def test_the_first_hits_are_of_the_kind_that_was_meant(active_encoder_version: EncoderVersion) -> None:
    load_demo_catalogue(limit=4 * len(departments_and_types()[1]))
    embed_stale_products(threads=os.cpu_count() or 1)
    types = dict(Product.objects.values_list("id", "product_type"))
    found = {query: [types[hit.product_id] for hit in search_products(query).hits[:TOP]] for query in QUERIES}
    missed = {query: kinds for query, kinds in found.items() if not QUERIES[query] & set(kinds)}
    assert missed == {}
    # the thing itself above what goes with it
    assert found["laptop bag"][0] == "Laptop Bag"
    assert found["charger for laptop"][0] == "Laptop Charger"
