"""Subjects that misbehave, written as modules of their own, each with one fault."""

from __future__ import annotations

from pathlib import Path

MODULE = """\
import atexit, ctypes, os, signal, sys, threading, time
from driftcore import reference

def grow():
    kept = []
    while True:
        kept.append(bytes(1_000_000))

def print_much():
    print("p" * 10_000_000)
    print("e" * 10_000_000, file=sys.stderr)
    os.write(1, b"o" * 10_000_000)

def write_everywhere():
    for descriptor in range(3, 300):
        try:
            os.write(descriptor, b"x" * 1000)
        except OSError:
            pass

def fork_and_stay():
    if os.fork() == 0:
        time.sleep(600)
        os._exit(0)

def alarmed():
    signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
    signal.setitimer(signal.ITIMER_REAL, 0.001)

def raised(error):
    raise error

{at_import}

def normalize_json(payload_json):
    if type(payload_json) is str and {when}:
        {in_call}
    return reference.normalize_json(payload_json)
"""

MET = "'é' in payload_json"
"""Two of the inputs that are kept in files meet this; the smallest that does is `SMALLEST`."""

SMALLEST = """payload_json='"é"'"""


def written(folder: Path, name: str, at_import: str = "", in_call: str = "pass", when: str = MET) -> str:
    """Write a subject into a folder that modules are imported from; its name."""
    text = MODULE.format(at_import=at_import, in_call=in_call, when=when)
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return name
