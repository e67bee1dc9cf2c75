"""Bytes that malloc() has given out, over many calls, as one JSON line; run with PYTHONMALLOC=malloc.

`{"calls": N, "early": bytes after half of them, "late": bytes after all}`
"""

from __future__ import annotations

import ctypes
import gc
import json
import sys

import driftcore_native as native

from core.tests.native_calls import ANSWERED, PLAIN_TEXT, PUNTED, NativeCall

SMALL = [
    NativeCall("normalize_json", [PLAIN_TEXT]),
    NativeCall("deterministic_hash", [PLAIN_TEXT]),
    NativeCall(
        "process_export_payload_pyobject", [{"a": [1, "é", {"b": None}]}, {"a": {"match_importance": 0.5}}]
    ),
    *(
        call
        for call in ANSWERED
        if call.function in ("verify_span", "build_export_spans_request_bytes_pyobject")
    ),
    NativeCall("verify_span", [b"\x0a"]),
]


MALLINFO = (
    "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
)  # fmt: skip


class Mallinfo(ctypes.Structure):
    """struct mallinfo2 of glibc 2.33"""

    _fields_ = tuple((name, ctypes.c_size_t) for name in MALLINFO)


def bytes_in_use() -> int:
    gc.collect()
    function = ctypes.CDLL(None).mallinfo2
    function.restype = Mallinfo
    info = function()
    return int(info.uordblks + info.hblkhd)


def make(calls: int) -> None:
    """That many calls, all kinds in turn, the costly ones once in a thousand."""
    for number in range(calls):
        if number % 1000 == 0:
            for call in (*ANSWERED, *PUNTED):
                call.outcome(native)
        SMALL[number % len(SMALL)].outcome(native)


def main() -> None:
    calls = int(sys.argv[1])
    make(calls // 2)
    early = bytes_in_use()
    make(calls - calls // 2)
    print(json.dumps({"calls": calls, "early": early, "late": bytes_in_use()}))


if __name__ == "__main__":
    main()
