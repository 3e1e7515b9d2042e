"""Where a banner or a redirect may lead: a path of this store, or an https address. Nothing else reaches a browser.

A path that begins with two slashes (or with a backslash, which browsers read as a slash) is another host's address.
"""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

_ADVICE = "Write a path of this store, like /category/laptops, or an address that begins with https://."


def validate_link(link: str) -> None:
    """Raises ValidationError with the reason unless `link` is a path of this store or an https address."""
    if any(ord(char) <= 32 or ord(char) == 127 for char in link) or "\\" in link:
        raise ValidationError(f"Spaces, line breaks and backslashes are not part of an address. {_ADVICE}")
    if link.startswith("//"):
        raise ValidationError(f"Two slashes lead to another host. {_ADVICE}")
    if link.startswith("/"):
        return
    try:
        parts = urlsplit(link)
        named = parts.hostname
    except ValueError:
        raise ValidationError(f"This is not an address. {_ADVICE}") from None
    if parts.scheme != "https" or not named or parts.username:
        raise ValidationError(_ADVICE)
