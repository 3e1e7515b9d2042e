"""POST /api/events/: what shoppers did with the hits."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from search.event_log import Event, log_events
from shop.api import requests, serializers
from shop.api.shopper import client_id_of, remember_client
from shop.api.views import PublicView


class EventsView(PublicView):
    """Events in one batch; each is counted once however often it is sent."""

    @extend_schema(
        operation_id="events",
        request=requests.EventsRequest,
        responses={202: serializers.Accepted, 400: serializers.Problems},
    )
    def post(self, request: Request) -> Response:
        checked = requests.EventsRequest(data=request.data)
        checked.is_valid(raise_exception=True)
        client_id = client_id_of(request)
        events = [
            Event(
                event_id=row["event_id"],
                action_name=row["action_name"],
                product_id=row["product_id"],
                client_id=client_id,
                query_id=row["query_id"],
                position=row["position"],
            )
            for row in checked.validated_data["events"]
        ]
        return remember_client(request, Response({"accepted": log_events(events)}, status=202), client_id)
