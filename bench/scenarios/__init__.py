"""Programs that are measured as whole processes."""

SPANS = 420
"""How many recorded spans one process finishes: each of the recording once."""
