"""Understands a query with what the catalogue knows: at most a few milliseconds, no model, no other service."""

from dataclasses import replace

from search.corrections import corrected, finished, glossary
from search.filters import ProductFilters
from search.glossary import NO_GLOSSARY, Glossary
from search.narrowing import narrow
from search.query import Understood
from search.synonyms import chinese_synonyms
from search.words import is_chinese


def understand(
    query: str, filters: ProductFilters, *, verbatim: bool = False, lifted: bool = False
) -> tuple[Understood, ProductFilters]:
    """What is searched, and the shopper's filters together with those said in the query.

    `verbatim` leaves the spelling alone; `lifted` lifts the filters that were said, because they left nothing.
    """
    text = None if verbatim else corrected(query) or finished(query)
    understood, filters = narrow(text or query, filters, lifted=lifted)
    english = _reading().english(understood.text) if is_chinese(understood.text) else None
    return replace(understood, corrected_from=query if text else None, english=english), filters


_last: tuple[Glossary, object, Glossary] = (NO_GLOSSARY, None, NO_GLOSSARY)


def _reading() -> Glossary:
    """The catalogue's glossary with the merchants' synonyms; made anew when either has changed."""
    global _last
    known, synonyms = glossary(), chinese_synonyms()
    if _last[0] is not known or _last[1] != synonyms:
        _last = (known, synonyms, known.taught(synonyms))
    return _last[2]
