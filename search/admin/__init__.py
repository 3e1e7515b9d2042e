"""What search stores, in the admin: the log and its reports, encoder versions, filters, synonyms, rules, online tests.

Django loads this package; each module registers its own pages.
"""

from search.admin import log, online_tests, rules, synonyms  # noqa: F401
