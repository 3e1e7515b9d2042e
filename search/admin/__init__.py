"""What search stores, in the admin: the log and its reports, filters, synonyms, rules, and what it learns.

Django loads this package; each module registers its own pages.
"""

from search.admin import learning, log, rules, synonyms, versions  # noqa: F401
