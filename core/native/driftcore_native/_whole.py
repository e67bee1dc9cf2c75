"""Is the extension there, and all of its file?  Asked before it is loaded.

The dynamic loader maps a file by what its header says, and a process that touches what a
broken-off copy lacks dies of SIGBUS: no exception, no fallback.  The section table stands at
the end of an ELF file, so the header alone tells how long it must be.
"""

from __future__ import annotations

import os
import struct
from importlib.machinery import EXTENSION_SUFFIXES

_HEADER = 64
_SECTIONS_AT = struct.Struct("<Q")  # e_shoff, at byte 40
_SECTION_SIZES = struct.Struct("<HH")  # e_shentsize and e_shnum, at byte 58


def require_whole(folder: str, name: str) -> None:
    """Raise ImportError where a folder lacks the extension `name`, or it ends before its last section."""
    for suffix in EXTENSION_SUFFIXES:
        file = os.path.join(folder, name + suffix)  # noqa: PTH118  # pathlib takes longer to import than all else here
        try:
            with open(file, "rb") as opened:  # noqa: PTH123
                header = opened.read(_HEADER)
                size = os.fstat(opened.fileno()).st_size
        except OSError:
            continue  # the import itself says what is wrong, unless there is nothing to import
        if header[:6] != b"\x7fELF\x02\x01" or len(header) < _HEADER:
            return  # not the layout known here; the loader refuses what is no library
        entry, count = _SECTION_SIZES.unpack_from(header, 58)
        (start,) = _SECTIONS_AT.unpack_from(header, 40)
        if size < start + entry * count:
            raise ImportError(
                f"{file} is truncated: {size} bytes of at least {start + entry * count}; "
                "reinstall driftcore-native",
                name=name,
                path=file,
            )
        return
    from importlib.util import find_spec  # slow to import, and not needed where all is well

    module = f"{__package__}.{name}"
    if find_spec(module) is None:  # else an importer brings it, such as a frozen application's
        raise ModuleNotFoundError(_why_it_is_missing(folder, name), name=module, path=folder)


def _why_it_is_missing(folder: str, name: str) -> str:
    from pathlib import Path  # slow to import, and needed only here

    if any(parent.is_file() for parent in Path(folder).parents):
        return (
            f"{folder} is in an archive, from which Python loads no extension such as {name}; "
            "leave it out, and pip install driftcore-native beside the archive with the Python that runs this"
        )
    return (
        f"{folder} has no {name}{EXTENSION_SUFFIXES[0]}; "
        "pip install --force-reinstall driftcore-native, with the Python that runs this"
    )
