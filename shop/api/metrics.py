"""/api/metrics/: how fast the store was on a shopper's device, and how many visits should say so."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle

from shop.api import requests, serializers
from shop.api.views import PublicView
from shop.metrics.models import Reading
from shop.metrics.readings import log_readings

SAMPLING_AGE_S = 3600  # a browser asks again after that


class MetricsThrottle(SimpleRateThrottle):
    """So many visits a minute from one address, in each process; the address is kept in memory for that minute."""

    rate = "20/min"

    def get_cache_key(self, request: Request, view: object) -> str | None:
        return None if request.method == "GET" else f"metrics-{self.get_ident(request)}"


class MetricsView(PublicView):
    """The Core Web Vitals of a visit: no cookie, no address, no time but the server's is kept with them."""

    throttle_classes = (MetricsThrottle,)

    @extend_schema(operation_id="metrics_sampling", responses={200: serializers.MetricsSampling})
    def get(self, request: Request) -> Response:
        response = Response({"sample_percent": settings.METRICS_SAMPLE_PERCENT})
        response["Cache-Control"] = f"public, max-age={SAMPLING_AGE_S}"
        return response

    @extend_schema(
        operation_id="metrics",
        request=requests.MetricsRequest,
        responses={202: serializers.Accepted, 400: serializers.Problems, 429: serializers.Problems},
    )
    def post(self, request: Request) -> Response:
        checked = requests.MetricsRequest(data=request.data)
        checked.is_valid(raise_exception=True)
        row = checked.validated_data
        values = {metric: row[metric] for metric in Reading.Metric.values if metric in row}
        if not settings.METRICS_SAMPLE_PERCENT:
            return Response({"accepted": 0}, status=202)
        return Response({"accepted": log_readings(values, page=row["page"], device=row["device"])}, status=202)
