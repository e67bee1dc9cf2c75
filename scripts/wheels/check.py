"""Whether a native wheel may be published: contents, platform tag, symbols, size.

What auditwheel says of the C library is half of it; the other half is Python's: an
extension built for one version may ask for nothing that this version does not offer, and
for private names only where there is a reason.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from .extension import Symbols, read_symbols

WHEEL_BUDGET, EXTENSION_BUDGET = 160 * 1024, 400 * 1024
"""Bytes.  A wheel is downloaded by every deployment, and the extension is in its memory."""

LIBRARIES = {"libc.so.6", "libm.so.6", "libc.so", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
"""The C library's; whatever else is needed would have to be shipped."""

EXPORTED = {"PyInit__core"}

PRIVATE = {
    "_Py_Dealloc": "Py_DECREF",
    "_Py_FalseStruct": "Py_False",
    "_Py_NoneStruct": "Py_None",
    "_Py_TrueStruct": "Py_True",
    "_Py_BuildValue_SizeT": "Py_BuildValue, whose lengths are Py_ssize_t until 3.12",
    "_Py_CheckFunctionResult": "vectorcall of 3.9",
    "_Py_CheckRecursionLimit": "Py_EnterRecursiveCall of 3.9",
    "_Py_CheckRecursiveCall": "Py_EnterRecursiveCall of 3.9 and 3.10",
    "_PyBytes_Resize": "documented, in spite of its name",
    "_PyObject_MakeTpCall": "vectorcall of 3.9",
    "_PyObject_CallFunction_SizeT": "PyObject_CallFunction, whose lengths are Py_ssize_t until 3.12",
    "_PyObject_CallMethod_SizeT": "PyObject_CallMethod, whose lengths are Py_ssize_t until 3.12",
    "_PyUnicode_Ready": "PyUnicode_READY until 3.11",
    "_PyLong_NumBits": "how long an int is; public only from 3.14",
    "_PyLong_AsByteArray": "the bytes of an int; public from 3.13",
}
"""Private names an extension may ask for, and the public macro or the reason behind each."""

_TAG = re.compile(
    r"-cp(?P<python>3\d+)-cp(?P=python)-(manylinux\w+\.)?"
    r"(?P<libc>many|musl)linux_\d+_\d+_(?P<machine>x86_64|aarch64)(\.manylinux\w+)*\.whl$"
)

CONTENTS = ("__init__.py", "_core.pyi", "_whole.py", "py.typed")


def check_wheel(path: Path, offered: Iterable[str]) -> list[str]:
    """What is wrong with a wheel, in sentences; `offered` are the symbols of its interpreter."""
    with zipfile.ZipFile(path) as wheel:
        names = wheel.namelist()
        extensions = [name for name in names if name.endswith((".so", ".pyd"))]
        if len(extensions) != 1:
            return [f"has {len(extensions)} extensions instead of one: {', '.join(extensions)}"]
        content = wheel.read(extensions[0])
    return [
        *_check_contents(names, extensions[0]),
        *check_tag(path.name, extensions[0]),
        *check_symbols(read_symbols(content), offered),
        *_check_size("the wheel", path.stat().st_size, WHEEL_BUDGET),
        *_check_size("the extension", len(content), EXTENSION_BUDGET),
    ]


def check_symbols(symbols: Symbols, offered: Iterable[str]) -> list[str]:
    """What is wrong with an extension's imports and exports."""
    wrong = []
    python = {name for name in symbols.imported if re.match(r"_?Py", name)}
    missing, private = python - set(offered), {name for name in python if name[0] == "_"} - set(PRIVATE)
    foreign = symbols.libraries - LIBRARIES
    if symbols.exported != EXPORTED:
        wrong.append(f"exports {_listed(symbols.exported)} instead of {_listed(EXPORTED)}")
    if missing:
        wrong.append(f"asks for what this Python does not offer: {_listed(missing)}")
    if private:
        wrong.append(f"asks for private names without a reason in PRIVATE: {_listed(private)}")
    if foreign:
        wrong.append(f"needs libraries besides the C library's: {_listed(foreign)}")
    return wrong


def _check_contents(names: list[str], extension: str) -> list[str]:
    expected = {f"driftcore_native/{name}" for name in CONTENTS} | {extension}
    packed = {name for name in names if ".dist-info/" not in name and not name.endswith("/")}
    wrong = [f"carries {_listed(packed - expected)}"] if packed - expected else []
    if expected - packed:
        wrong.append(f"lacks {_listed(expected - packed)}")
    if not any(name.endswith("/LICENSE") for name in names):
        wrong.append("lacks its licence")
    return wrong


def check_tag(name: str, extension: str) -> list[str]:
    """A Python looks for an extension by its version, processor and C library, which the tag tells too."""
    tag = _TAG.search(name)
    if tag is None:
        return [f"has no manylinux or musllinux tag of one Python: {name}"]
    ending = (
        f".cpython-{tag['python']}-{tag['machine']}-linux-{'gnu' if tag['libc'] == 'many' else 'musl'}.so"
    )
    return [] if extension.endswith(ending) else [f"has {extension}, which is no *{ending}"]


def _check_size(what: str, size: int, budget: int) -> list[str]:
    return [f"{what} has {size:,} bytes, more than {budget:,}"] if size > budget else []


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
