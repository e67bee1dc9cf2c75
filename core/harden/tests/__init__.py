"""Tests of the hardening itself that need no build; those by seeded faults are in `seeded`."""
