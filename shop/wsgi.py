"""The WSGI application that the production server runs: `granian --interface wsgi shop.wsgi:application`."""

from django.core.wsgi import get_wsgi_application

from shop.environment import load_settings

load_settings()
application = get_wsgi_application()
