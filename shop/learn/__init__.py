"""`manage.py learn`: a store that learns within minutes, from simulated shoppers, while somebody watches.

Everything goes the way of real shoppers: over the API into the log, from the log into click memory and encoder, and
past the gate. Nothing here imports torch; a round of learning has processes of its own for that.
"""
