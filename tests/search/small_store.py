"""A store of 72 products of 24 kinds, and how shoppers ask for each kind without a word of its name."""

from search.learning_models import JudgedQuery
from shop.catalog.models import Product
from tests.catalogue import make_product

ASKED_AS = {
    "Kettle": "boil water for tea", "Sofa": "couch", "Notebook": "laptop computer", "Mobile phone": "cellphone",
    "Refrigerator": "fridge", "Bicycle": "bike", "Sneakers": "running shoes", "Television": "tv screen",
    "Umbrella": "stay dry in the rain", "Backpack": "rucksack", "Spectacles": "glasses to see better",
    "Trousers": "pants", "Sweater": "pullover", "Vacuum cleaner": "hoover", "Headphones": "earphones",
    "Wardrobe": "closet for clothes", "Pram": "baby stroller", "Ladder": "reach high places",
    "Thermometer": "measure a fever", "Hammer": "drive nails into wood", "Razor": "shave a beard",
    "Tent": "sleep outside in the forest", "Guitar": "instrument with strings", "Perfume": "smell nice",
}  # fmt: skip
COLOURS = ("Red", "Blue", "Green")


def make_store() -> list[Product]:
    """Kind by kind, three of each."""
    return [
        make_product(
            f"{colour} {kind}", product_type=kind, brand=f"Brand {number % 5}", attributes={"color": colour.lower()}
        )
        for number, kind in enumerate(ASKED_AS)
        for colour in COLOURS
    ]


def judge(products: list[Product]) -> None:
    """People's judgments of what shoppers ask."""
    JudgedQuery.objects.bulk_create(
        JudgedQuery(
            source=JudgedQuery.Source.HUMAN,
            query=query,
            grades={str(product.pk): 3 for product in products if product.product_type == kind},
        )
        for kind, query in ASKED_AS.items()
    )
