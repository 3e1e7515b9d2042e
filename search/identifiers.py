"""Numbers that name one product: SKU, GTIN and part number (MPN), as a shopper copies them from a label.

Whoever types one means that product and no other, but to an encoder it is noise, and among few candidates the noise
wins (search/EXPERIMENTS.md, 2026-11-25). So what may be such a number is looked up as it stands, and comes first.
"""

MIN_LENGTH = 5  # of a part of the query: "windows 10" and "rtx 2060" name no product
MAX_WORDS = 8


def possible_identifiers(query: str) -> list[str]:
    """In capitals: the query, the query without its first word (the brand), and each longer word; with a digit all.

    Spaces are single ones in `query`; "HP CF283A toner" gives ["HP CF283A TONER", "CF283A TONER", "CF283A"].
    """
    words = query.upper().split()
    if len(words) > MAX_WORDS:
        return []
    parts = [part for part in (" ".join(words[1:]), *words) if len(part) >= MIN_LENGTH]
    found = dict.fromkeys([" ".join(words), *parts])
    return [text for text in found if any(char.isdigit() for char in text)]
