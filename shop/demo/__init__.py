"""`manage.py demo`: prepares the store, starts its processes, keeps them alive, and ends them.

Nothing here imports torch; steps that need it run as processes of their own. Everything that a demo writes is under
POCKETSHOP_LOCAL, so two folders are two stores.
"""
