"""What can be counted to the digit where time cannot be told: instructions, allocations, peak memory.

instructions  per call, by Cachegrind, as the difference of two run lengths
child         the Python process that is counted for the extension
baseline      the committed counts of a toolchain class
gate          counts against the baseline
"""

from __future__ import annotations

DONE = "all calls were made"
"""What the child says at its end."""
