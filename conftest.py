"""Hypothesis profiles: `ci`, the default, runs the same examples every time; `nightly` looks for new ones.

`HYPOTHESIS_PROFILE=nightly` or pytest's `--hypothesis-profile nightly` chooses.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# An input may take many choices, and a lying object long to compare: neither is an error here.
_HEALTH = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)

settings.register_profile(
    "ci",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=200,
    print_blob=True,
    suppress_health_check=_HEALTH,
)
settings.register_profile("nightly", settings.get_profile("ci"), derandomize=False, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
