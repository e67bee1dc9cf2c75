"""On the path of a coverage run, so that every Python process of it counts, forked children too.

The reference is counted by coverage.py, told by COVERAGE_PROCESS_START; the C core counts
itself, but writes that down at a process's end, which a child that leaves by `os._exit` skips.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import NoReturn

import coverage

_leave = os._exit


def _count_and_leave(status: int) -> NoReturn:
    core = sys.modules.get("driftcore_native._core")
    if core is not None and core.__file__ is not None:
        ctypes.PyDLL(core.__file__).driftcore_dump_counts()
    _leave(status)


os._exit = _count_and_leave
coverage.process_startup()
