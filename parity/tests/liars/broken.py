"""Cannot be imported."""

from __future__ import annotations

raise OSError("libdriftcore.so: cannot open shared object file")
