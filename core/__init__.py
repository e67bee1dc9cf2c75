"""What is judged, and what tries it.  A package, so that tests use the installed wheels, not this folder."""
