"""What search stores, in the admin: the log and its reports, encoder versions, filters, synonyms and rules.

Django loads this package; each module registers its own pages.
"""

from search.admin import log, rules, synonyms  # noqa: F401
