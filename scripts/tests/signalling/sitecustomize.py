"""Signals the group of a command at a place inside it that the environment names; on its PYTHONPATH.

`SIGNAL_AT` is a JSON list: the signal's name, "main" or "child", an audit event, a text that stands in its
arguments, one in the name of a file on the stack, and how many times.  A child knows its command by
`SIGNAL_GROUP`, also where it leads a group of its own.  The file `SIGNAL_REACHED` says that it was done.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from types import FrameType
from typing import Any, Optional

NAME, WHO, EVENT, TEXT, FILE, TIMES = json.loads(os.environ["SIGNAL_AT"])
GROUP = int(os.environ.setdefault("SIGNAL_GROUP", str(os.getpid())))
BETWEEN = 0.4
"""Seconds from one request to the next, which are told from one signal that comes twice by that."""
LONG = 600
"""Seconds that a process is busy after the last request: nobody may wait for it."""


def _on_stack(frame: Optional[FrameType]) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.endswith(FILE):
            return True
        frame = frame.f_back
    return False


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if event != EVENT or (WHO == "main") != (os.getpid() == GROUP):
        return
    if TEXT not in str(arguments) or not (FILE == "" or _on_stack(sys._getframe())):
        return
    try:
        os.close(os.open(os.environ["SIGNAL_REACHED"], os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    for number in range(TIMES):
        time.sleep(BETWEEN if number else 0)
        os.killpg(GROUP, getattr(signal, NAME))
    if TIMES > 1:
        time.sleep(LONG)


sys.addaudithook(_hear)
