"""What a compiled extension imports and exports, read from its ELF tables."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection


@dataclass(frozen=True)
class Symbols:
    """Names of an ELF file's dynamic symbols, and the libraries it asks for."""

    exported: frozenset[str]
    imported: frozenset[str]
    libraries: frozenset[str]


def read_symbols(content: bytes) -> Symbols:
    """The tables of a shared object or executable."""
    exported: set[str] = set()
    imported: set[str] = set()
    libraries: set[str] = set()
    for section in ELFFile(io.BytesIO(content)).iter_sections():
        if isinstance(section, DynamicSection):
            needed = section.iter_tags("DT_NEEDED")
            libraries.update(tag.needed for tag in needed)  # type: ignore[attr-defined]  # named by the tag
        elif isinstance(section, SymbolTableSection) and section.name == ".dynsym":
            for symbol in filter(lambda symbol: symbol.name, section.iter_symbols()):
                (imported if symbol["st_shndx"] == "SHN_UNDEF" else exported).add(symbol.name)
    return Symbols(frozenset(exported), frozenset(imported), frozenset(libraries))


def offered_by(python: Path) -> frozenset[str]:
    """What an interpreter offers to extensions: its own symbols and those of its libpython."""
    libraries = python.parent.parent.glob(f"lib/**/lib{python.name}.so.*")
    return frozenset().union(*(read_symbols(file.read_bytes()).exported for file in (python, *libraries)))
