"""What the demo's merchant has taught its search: words that shoppers use for things that it calls otherwise, and where
questions that are not about products lead. Edited in the admin like any other."""

from django.db import transaction

from search.rule_models import MerchandisingRule, Synonym

TWO_WAY = {
    "sneakers": ["running shoes", "trainers"],
    "couch": ["sofa", "settee"],
    "stroller": ["pram", "pushchair", "buggy"],
    "smartphone": ["mobile phone", "cell phone", "handy"],
    "plush toy": ["teddy bear", "stuffed animal"],
    "nappies": ["diapers"],
    "torch": ["flashlight"],
    "sweater": ["jumper", "pullover"],
    "tv": ["television", "telly"],
    "hoover": ["robot vacuum", "vacuum cleaner"],
    "luggage": ["suitcase"],
    "nail varnish": ["nail polish"],
    "band aid": ["plasters"],
    "football": ["soccer ball"],
    "ssd": ["solid state drive"],
    "desktop computer": ["desktop", "pc"],
    "laptop": ["notebook computer"],
    "rucksack": ["backpack"],
    "jewellery": ["jewelry"],
    "colour": ["color"],
}
# Only from left to right: who needs the right-hand side does not ask for the left.
ONE_WAY = {
    "watch": ["smartwatch"],
    "cut finger": ["plasters", "first aid kit"],
    "carry on": ["suitcase"],
    "small print": ["reading glasses"],
    "headache": ["massage ball"],
    "disk full": ["external ssd"],
    "oversleeping": ["alarm clock"],
    "battery always empty": ["power bank"],
    "cannot hear": ["soundbar", "headphones"],
    "yellow teeth": ["electric toothbrush"],
    "sleep outdoors": ["camping tent"],
    "sleep in the forest": ["camping tent"],
}
REDIRECTS = {
    "my orders": "/orders",
    "order status": "/orders",
    "track my order": "/orders",
    "where is my order": "/orders",
    "my account": "/account",
    "sign in": "/account",
    "log in": "/account",
    "shopping cart": "/cart",
    "checkout": "/checkout",
}
BANNERS = {
    "returns": ("Returns", "Send anything back within 30 days of delivery, unused, for the full price."),
    "refund": ("Returns", "Send anything back within 30 days of delivery, unused, for the full price."),
    "shipping": ("Delivery", "Delivered in 2 to 4 days. Free from $50, $4.95 below."),
    "delivery": ("Delivery", "Delivered in 2 to 4 days. Free from $50, $4.95 below."),
    "payment": ("Payment", "You pay the courier when your parcel arrives."),
    "contact": ("This is a demo store", "Nobody is there to answer, but nothing you order is ever sent or charged."),
    "customer service": (
        "This is a demo store", "Nobody is there to answer, but nothing you order is ever sent or charged.",
    ),
    "gift card": ("Gift cards", "We have none yet. Small things under $25 make presents too."),
    "warranty": ("Warranty", "Every product has a warranty of two years."),
    "opening hours": ("Opening hours", "The store is always open, and your parcel leaves on the next working day."),
}  # fmt: skip


@transaction.atomic
def load_demo_merchandising() -> int:
    """Adds synonyms and rules to a store that has none; returns how many."""
    if Synonym.objects.exists() or MerchandisingRule.objects.exists():
        return 0
    synonyms = [
        Synonym(words=words, synonyms=others, is_two_way=is_two_way)
        for entries, is_two_way in ((TWO_WAY, True), (ONE_WAY, False))
        for words, others in entries.items()
    ]
    exact, contains = MerchandisingRule.Match.EXACT, MerchandisingRule.Match.CONTAINS
    rules = [
        MerchandisingRule(name=f"{query} leads to {path}", match=exact, query=query, redirect=path)
        for query, path in REDIRECTS.items()
    ] + [
        MerchandisingRule(name=f"Answer: {query}", match=contains, query=query, banner_title=title, banner_text=text)
        for query, (title, text) in BANNERS.items()
    ]
    for row in (*synonyms, *rules):
        row.full_clean()
        row.save()
    return len(synonyms) + len(rules)
