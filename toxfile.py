"""Lets tox find pyenv's interpreters where no `python3.9` and so on is on PATH.

tox reads this file beside tox.ini before it looks for interpreters.  They go behind PATH, so
that a Python which is there under its plain name comes first.
"""

from __future__ import annotations

import os
from pathlib import Path

_ROOT = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
_BINS = sorted(map(str, _ROOT.glob("versions/3.*/bin")))
os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), *_BINS])
