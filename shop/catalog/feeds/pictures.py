"""Pictures of a feed that are files of this machine; links are counted, not followed: a store may be offline."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from urllib.parse import unquote, urlsplit

from shop.catalog.feeds.entry import Entry
from shop.catalog.models import ProductImage
from shop.catalog.pictures import PictureRefused, StoredPicture, store_upload

NOT_THERE = "there is no such file, picture left out"
REFUSED = "is no picture the store can use (JPEG, PNG, WebP, AVIF or GIF), left out"


def is_link(address: str) -> bool:
    return urlsplit(address).scheme in {"http", "https", "ftp", "data"}


def local_files(entry: Entry, folder: Path) -> list[Path]:
    """The entry's pictures that are files; paths are relative to the feed's folder. Missing ones are noted."""
    found = []
    for address in entry.pictures or ():
        if is_link(address):
            continue
        path = folder / (unquote(urlsplit(address).path) if address.startswith("file:") else address)
        try:
            is_file = path.is_file()
        except (OSError, ValueError):  # a name too long for the file system
            is_file = False
        if is_file:
            found.append(path)
        else:
            entry.note("image_link", NOT_THERE)
    return found


def store_files(entry: Entry, paths: Sequence[Path]) -> list[tuple[StoredPicture, str]]:
    """The stored pictures with their alt texts; unusable ones are noted."""
    alts = {Path(address).name: alt for address, alt in entry.picture_alts.items()}
    stored: dict[str, tuple[StoredPicture, str]] = {}
    for path in paths:
        try:
            picture = store_upload(path.read_bytes(), path.name)
        except (PictureRefused, OSError):
            entry.note("image_link", REFUSED)
            continue
        stored.setdefault(picture.checksum, (picture, alts.get(path.name, "")[:255]))
    return list(stored.values())


def replace_pictures(product_id: int, pictures: Sequence[tuple[StoredPicture, str]]) -> bool:
    """Makes these the product's pictures, in this order, and returns whether any changed.

    Those that it has keep their row and alt text.
    """
    known = {image.checksum: image for image in ProductImage.objects.filter(product_id=product_id)}
    wanted = [picture.checksum for picture, _ in pictures]
    if [image.checksum for image in sorted(known.values(), key=lambda image: (image.position, image.pk))] == wanted:
        return False
    ProductImage.objects.filter(product_id=product_id).exclude(checksum__in=wanted).delete()
    for position, (picture, alt) in enumerate(pictures):
        if picture.checksum in known:
            ProductImage.objects.filter(pk=known[picture.checksum].pk).update(position=position)
        else:
            ProductImage.objects.create(product_id=product_id, position=position, alt=alt, **asdict(picture))
    return True
