"""Addresses of the admin with a NUL character: PostgreSQL takes none, and Django passes filters on as they are."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

SAID = "There is a NUL character (%00) in the address. Leave it out, or go back to the list and filter again."


def refuse_nul_bytes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: 400 with a sentence where such an address would be an error of the database."""

    def respond(request: HttpRequest) -> HttpResponse:
        address = request.path + request.META.get("QUERY_STRING", "")
        if request.path.startswith("/admin/") and ("%00" in address or "\x00" in address):
            return HttpResponse(SAID, status=400, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return respond
