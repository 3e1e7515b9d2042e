"""What search stores, in the admin: the log and its reports, filters, synonyms, rules, online tests, what it learns.

Django loads this package; each module registers its own pages.
"""

from search.admin import learning, log, online_tests, rules, synonyms, versions  # noqa: F401
