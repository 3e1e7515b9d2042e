"""GET /healthz: whether this process can serve, for load balancers and for the demo's start."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return JsonResponse({"status": "no database", "detail": str(error).splitlines()[0]}, status=503)
    return JsonResponse({"status": "ok"})
