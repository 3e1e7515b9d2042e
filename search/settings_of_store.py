"""The merchant's settings of search, kept in the process for a few seconds."""

from search.models import SearchSettings
from search.remembered import Remembered

search_settings = Remembered(lambda: SearchSettings.objects.first() or SearchSettings())  # defaults until one is saved
forget = search_settings.forget
