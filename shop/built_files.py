"""How long browsers keep the built files whose names stay the same: not without asking.

WhiteNoise calls this for each file at start; files with a hash in their name it marks as immutable by itself.
"""

from wsgiref.headers import Headers

# An old one would hold back a whole new version.
ASK_EACH_TIME = {"/sw.js", "/manifest.webmanifest", "/manifest.zh.webmanifest", "/index.html"}


def add_headers(headers: Headers, path: str, url: str) -> None:
    if url in ASK_EACH_TIME:
        headers["Cache-Control"] = "no-cache"
