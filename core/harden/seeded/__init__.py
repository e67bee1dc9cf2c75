"""Faults seeded on purpose: run by `make harden`, since each needs a build of its own."""
