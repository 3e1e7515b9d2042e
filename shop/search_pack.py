"""Serves the packs with which phones search by themselves. An address names its content, so browsers keep it."""

import gzip
import re

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from search.pack.files import pack_path

_CHECKSUM = re.compile(r"[0-9a-f]{20}")


@require_safe
def search_pack(request: HttpRequest, checksum: str) -> HttpResponse:
    """The view of /pack/: 404 for one that there is not, or no longer."""
    path = pack_path(checksum)
    if not _CHECKSUM.fullmatch(checksum) or not path.is_file():
        raise Http404("There is no such pack.")
    packed = path.read_bytes()
    unpacks = "gzip" in request.headers.get("Accept-Encoding", "")
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if unpacks:
        headers["Content-Encoding"] = "gzip"
    content = packed if unpacks else gzip.decompress(packed)
    return HttpResponse(content, content_type="application/octet-stream", headers=headers)
