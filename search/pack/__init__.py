"""Search on the phone itself: what it needs, packed into one small file, and how it answers.

The storefront's `frontend/src/pack/` answers as `searching.py` does, number by number; the tests hold the two together.
"""
