"""Pairs that are not this project's, gated by its parts: docs/your-own-pair.md."""
