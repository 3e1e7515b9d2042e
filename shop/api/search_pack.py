"""GET /api/search-pack/: which pack phones search with by themselves (frontend/src/pack/)."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from search.pack.files import current_pack
from shop.api import serializers
from shop.api.views import PublicView


class SearchPackView(PublicView):
    """Where the current pack is; `url` is null while there is none."""

    @extend_schema(operation_id="search_pack", responses={200: serializers.SearchPack})
    def get(self, request: Request) -> Response:
        pack = current_pack()
        if pack is None:
            return Response({"url": None, "bytes": 0, "products": 0})
        return Response({"url": f"/pack/{pack.checksum}", "bytes": pack.bytes, "products": pack.products})
