"""GET /api/compare/: up to four products side by side."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shop.api import requests, serializers
from shop.api.comparison import comparison
from shop.api.shopper import language_of
from shop.api.views import PublicView


class CompareView(PublicView):
    """Every fact of the products in one row, those in which they differ first; unknown ids are left out."""

    @extend_schema(
        operation_id="compare",
        parameters=[requests.CompareParams],
        responses={200: serializers.Comparison, 400: serializers.Problems},
    )
    def get(self, request: Request) -> Response:
        checked = requests.CompareParams(data=request.query_params.dict())
        checked.is_valid(raise_exception=True)
        params = checked.validated_data
        return Response(comparison(params["ids"], language_of(request, params)))
