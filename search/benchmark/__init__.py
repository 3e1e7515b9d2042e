"""How fast search is: figures, a client, a store to measure, and what to compare with. `manage.py benchmark_search`."""
