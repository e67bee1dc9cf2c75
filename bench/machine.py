"""What a run happens on, as far as the system tells, and which results may be held against each other."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from driftgate.base.checkout import commit_of

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Machine:
    """None stands for what the system does not tell.

    `load` is the one-minute load average; `turbo` and `aslr` say whether they are on.
    """

    architecture: str
    cpu: Optional[str]
    cores: int
    governor: Optional[str]
    turbo: Optional[bool]
    aslr: Optional[bool]
    load: Optional[float]
    system: str
    python: str
    python_compiler: str

    @property
    def kind(self) -> str:
        """The machine class: results of one class may be compared, of two they may not.

        It is a plain name, whatever a file says of its machine: histories are found by it.
        Speed-ups of C over Python move by a quarter from one CPU to another, because the two
        do not scale alike; and with the version of Python they move as well.
        """
        version = re.search(r"\d+\.\d+", self.python)
        parts = (
            re.sub(r"[^A-Za-z0-9_]+", "-", self.architecture),
            re.sub(r"[^a-z0-9]+", "-", (self.cpu or "unknown cpu").lower()).strip("-"),
            f"{self.cores}cores",
            f"python{version[0] if version else '?'}",
        )
        return "_".join(parts)


def look() -> Machine:
    return Machine(
        architecture=platform.machine(),
        cpu=cpu_model(_read(Path("/proc/cpuinfo"))),
        cores=os.cpu_count() or 1,
        governor=_stripped(_read(Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"))),
        turbo=turbo(
            _stripped(_read(Path("/sys/devices/system/cpu/intel_pstate/no_turbo"))),
            _stripped(_read(Path("/sys/devices/system/cpu/cpufreq/boost"))),
        ),
        aslr=_flag(_stripped(_read(Path("/proc/sys/kernel/randomize_va_space")))),
        load=os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        system=platform.platform(),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        python_compiler=platform.python_compiler(),
    )


def turbo(no_turbo: Optional[str], boost: Optional[str]) -> Optional[bool]:
    """From intel_pstate's `no_turbo`, else from cpufreq's `boost`."""
    if no_turbo is not None:
        return no_turbo == "0"
    return _flag(boost)


def cpu_model(cpuinfo: Optional[str]) -> Optional[str]:
    """The model name of the first core in the text of /proc/cpuinfo."""
    for line in (cpuinfo or "").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            return value.strip()
    return None


def commit() -> Optional[str]:
    """The commit of this checkout, with `+` behind it if files differ from it; None where it is not known."""
    found = commit_of(ROOT)
    return None if found is None else found.marked


def _read(path: Path) -> Optional[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def _stripped(text: Optional[str]) -> Optional[str]:
    return None if text is None else text.strip()


def _flag(text: Optional[str]) -> Optional[bool]:
    return None if text is None else text != "0"
