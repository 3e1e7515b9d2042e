"""How far something is, in the admin's lists and forms."""

from django.utils.html import format_html


def progress_bar(share: float, words: str) -> str:
    """A bar filled to `share`, 0 to 1, with words beside it."""
    bar = '<span class="learning-progress"><progress value="{}"></progress>{}</span>'
    return format_html(bar, f"{share:.3f}", words)
