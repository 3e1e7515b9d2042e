"""What shoppers say for things that the demo catalogue calls otherwise: where a store has most to learn from clicks.

Several wordings of one wish, so that some can be searched for and the others held out. Written from the catalogue's
list of product types, without looking at what search makes of them. None is in tests/search/query_types.py.
"""

from collections.abc import Sequence
from dataclasses import replace

from search.shopper_needs import Need
from shop.catalog.models import Product

WISHES = {  # by product type
    "Running Shoes": ("jogging footwear", "kicks for the gym", "marathon training"),
    "Water Bottle": ("something to drink from at the gym", "hydration on a hike", "refillable flask"),
    "Power Bank": ("charge my phone without a socket", "portable juice for my phone", "battery on the go"),
    "Wireless Headphones": ("listen to music on the train", "over ear cans", "quiet on a plane"),
    "Earbuds": ("tiny in ear music", "music while jogging", "buds without wires"),
    "Bluetooth Speaker": ("music for a picnic", "party sound outdoors", "loud music box"),
    "Robot Vacuum": ("cleans the floor by itself", "automatic hoover", "crumbs on the carpet"),
    "Office Chair": ("seat for long workdays", "comfortable desk seat", "swivel seat"),
    "Desk Lamp": ("light for reading at night", "study light", "bright light for my workplace"),
    "Sofa": ("settee", "place to sit with friends", "living room seating"),
    "Bed Frame": ("something to sleep on", "base for a mattress", "bedroom furniture"),
    "Wall Clock": ("tell the time in the kitchen", "big hands on the wall", "timepiece for the living room"),
    "Alarm Clock": ("wake up on time", "morning wake up device", "do not oversleep"),
    "Electric Kettle": ("boil water fast", "hot water for tea", "water boiler"),
    "Coffee Maker": ("brew espresso at home", "morning brew machine", "barista at home"),
    "Frying Pan": ("skillet", "fry eggs", "make pancakes"),
    "Cooking Pot": ("make soup", "saucepan", "boil spaghetti in"),
    "Chef's Knife": ("chop vegetables", "sharp blade for meat", "kitchen blade"),
    "Lunch Box": ("take food to work", "bento", "container for sandwiches"),
    "Storage Jars": ("keep flour dry", "pantry containers", "airtight canister"),
    "Camping Tent": ("sleep under the stars", "shelter for a festival", "overnight in the woods"),
    "Flashlight": ("see in the dark", "torch", "light for a power cut"),
    "Hiking Boots": ("mountain footwear", "walk in the alps", "sturdy shoes for trails"),
    "Suitcase": ("luggage", "pack for a holiday", "trolley for flights"),
    "Backpack": ("rucksack", "carry books to school", "daypack"),
    "Umbrella": ("brolly", "stay dry in the rain", "rain cover for the hand"),
    "Sunscreen": ("do not get burnt at the beach", "uv protection lotion", "spf"),
    "Perfume": ("smell nice on a date", "fragrance", "scent for her"),
    "Safety Razor": ("get rid of stubble", "smooth shave", "beard removal"),
    "Electric Toothbrush": ("clean teeth", "dental care device", "white smile"),
    "Dog Leash": ("walk the puppy", "lead for my hound", "take the dog out"),
    "Cat Toy": ("keep my kitten busy", "plaything for kitty", "feline fun"),
    "Bird Seed": ("feed sparrows in winter", "food for parrots", "garden birds"),
    "Pram": ("push my newborn around", "buggy", "baby carriage"),
    "Baby Comforter": ("soothe a crying infant", "cuddly cloth for a newborn", "calm my baby"),
    "Jigsaw Puzzle": ("brain teaser with many pieces", "rainy weekend pastime", "put pictures together"),
    "Board Game": ("family fun at the table", "evening with friends and dice", "parlour entertainment"),
    "Paint Set": ("start watercolours", "artist starter kit", "brushes and colours"),
    "Keyboard": ("type faster", "input device with keys", "mechanical typing"),
    "Webcam": ("video calls from home", "zoom meetings", "stream my face"),
    "External SSD": ("back up my photos", "extra storage for files", "portable disk"),
    "Wi-Fi Router": ("better internet at home", "wireless signal in every room", "faster internet"),
    "Screwdriver Set": ("assemble furniture", "tighten loose screws", "repair kit with bits"),
    "Ladder": ("reach the ceiling", "change a light bulb up high", "steps for the attic"),
    "Garden Seeds": ("grow my own vegetables", "plant flowers", "sow in spring"),
    "Yo-Yo": ("toy on a string", "spinning toy", "old school trick toy"),
    "Telescope": ("look at the moon", "see planets", "stargazing"),
    "Acoustic Guitar": ("six strings for campfires", "learn to strum", "folk music instrument"),
    "Swim Goggles": ("see under water", "protect eyes in the pool", "glasses for swimming"),
    "Winter Gloves": ("warm fingers in the snow", "mittens", "hands freeze outside"),
}
GRADE = 3
WORDS_BEFORE = ("red", "cheap", "small", "best", "new", "big black", "good quality")


def wishes() -> list[Need]:
    """A need for each wording, as far as the store has the type: every product of it answers. One SQL query.

    Who finds nothing calls the thing by its type.
    """
    products: dict[str, dict[int, int]] = {}
    rows = Product.objects.filter(is_active=True, product_type__in=WISHES).values_list("product_type", "id")
    for product_type, product_id in rows:
        products.setdefault(product_type, {})[product_id] = GRADE
    return [
        Need(query, products[product_type], "en", otherwise=product_type.lower())
        for product_type, queries in WISHES.items()
        if product_type in products
        for query in queries
    ]


def longer_wishes(needs: Sequence[Need]) -> list[Need]:
    """Each of them with a word or two before it, twice with others: what somebody else types for the same thing."""
    return [
        replace(need, query=f"{WORDS_BEFORE[(number + turn) % len(WORDS_BEFORE)]} {need.query}")
        for number, need in enumerate(needs)
        for turn in range(2)
    ]
