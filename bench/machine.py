"""What a run happens on, as far as the system tells."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Machine:
    """None stands for what the system does not tell.  `load` is the one-minute load average."""

    cpu: Optional[str]
    cores: int
    governor: Optional[str]
    load: Optional[float]
    system: str
    python: str
    python_compiler: str


def look() -> Machine:
    return Machine(
        cpu=cpu_model(_read(Path("/proc/cpuinfo"))),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        governor=_stripped(_read(Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"))),
        load=os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        system=platform.platform(),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        python_compiler=platform.python_compiler(),
    )


def cpu_model(cpuinfo: Optional[str]) -> Optional[str]:
    """The model name of the first core in the text of /proc/cpuinfo."""
    for line in (cpuinfo or "").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            return value.strip()
    return None


def commit() -> Optional[str]:
    """The commit of this checkout, with `+` behind it if files differ from it; None outside of git."""
    git = shutil.which("git")
    if git is None:
        return None
    head = _output([git, "rev-parse", "HEAD"])
    if head is None:
        return None
    return head + ("+" if _output([git, "status", "--porcelain", "--untracked-files=no"]) else "")


def _output(command: list[str]) -> Optional[str]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def _read(path: Path) -> Optional[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def _stripped(text: Optional[str]) -> Optional[str]:
    return None if text is None else text.strip()
