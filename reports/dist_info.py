"""What a distribution says of itself: it must be what its `pyproject.toml` and its file name say."""

from __future__ import annotations

import base64
import configparser
import csv
import email
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.tags import Tag

from .projects import Project

Members = Mapping[str, bytes]

METADATA, WHEEL, RECORD, ENTRY_POINTS, LICENCES = (
    "METADATA",
    "WHEEL",
    "RECORD",
    "entry_points.txt",
    "licenses/",
)

_WHEEL_FIELDS = ("Wheel-Version", "Generator", "Root-Is-Purelib", "Tag")


def wheel_problems(project: Project, tags: Iterable[Tag], folder: str, members: Members) -> Iterator[str]:
    """Sentences about the files of `folder`, the `.dist-info` of a wheel whose file name has these tags."""
    inside = {name[len(folder) :]: data for name, data in members.items() if name.startswith(folder)}
    licences = {f"{LICENCES}{name}": origin for name, origin in project.licences.items()}
    points = _entry_points(project)
    wanted = {METADATA, WHEEL, RECORD, *licences, *([ENTRY_POINTS] if points else [])}
    for name in sorted(inside.keys() | wanted):
        if name not in inside:
            yield f"lacks {folder}{name}"
        elif name not in wanted:
            yield f"{folder}{name} is none of its files"
        elif name in licences and hashlib.sha256(inside[name]).hexdigest() != licences[name].sha256:
            yield f"{folder}{name} is not {licences[name].path} of the checkout"
    if METADATA in inside:
        yield from metadata_problems(project, f"{folder}{METADATA}", inside[METADATA])
    if WHEEL in inside:
        yield from _tag_problems(project, tags, f"{folder}{WHEEL}", inside[WHEEL])
    if points and ENTRY_POINTS in inside and _read_entry_points(inside[ENTRY_POINTS]) != points:
        yield f"{folder}{ENTRY_POINTS} has other entries than pyproject.toml"
    if RECORD in inside:
        yield from _record_problems(f"{folder}{RECORD}", inside[RECORD], members)


def metadata_problems(project: Project, name: str, data: bytes) -> Iterator[str]:
    """Sentences about a METADATA or PKG-INFO that is not what `pyproject.toml` declares."""
    found, body = _headers(data)
    found.pop("Metadata-Version", None)
    licences = found.pop("License-File", [])
    wanted = _declared(project.declared)
    for field in sorted(found.keys() | wanted.keys()):
        said, declared = sorted(found.get(field, [])), sorted(wanted.get(field, []))
        if field == "Requires-Dist":
            said = sorted(map(_normal, said))
        if said != declared:
            yield f"{name} says {field} {_listed(said)}, pyproject.toml {_listed(declared)}"
    if not set(licences) <= project.licences.keys():
        yield f"{name} names licences that are not there: {_listed(licences)}"
    if body.strip():
        yield f"{name} has a description, which pyproject.toml does not"


def _normal(requirement: str) -> str:
    """As it is compared; what is none stays as it is, and equals nothing that is declared."""
    try:
        return str(Requirement(requirement))
    except InvalidRequirement:
        return requirement


def _declared(project: Mapping[str, Any]) -> dict[str, list[str]]:
    extras = project.get("optional-dependencies", {})
    needed = [Requirement(one) for one in project.get("dependencies", ())]
    needed += [Requirement(f"{one}; extra == '{extra}'") for extra, some in extras.items() for one in some]
    fields = {
        "Name": [project["name"]],
        "Version": [project["version"]],
        "Summary": [project["description"]],
        "Requires-Python": [project["requires-python"]],
        "License-Expression": [project["license"]],
        "Classifier": list(project.get("classifiers", ())),
        "Provides-Extra": list(extras),
        "Requires-Dist": [str(one) for one in needed],
    }
    return {name: values for name, values in fields.items() if values}


def _tag_problems(project: Project, tags: Iterable[Tag], name: str, data: bytes) -> Iterator[str]:
    found, body = _headers(data)
    for field in sorted(found.keys() - set(_WHEEL_FIELDS)):
        yield f"{name} has a field {field}"
    pure = "true" if project.extension is None else "false"
    if [one.lower() for one in found.get("Root-Is-Purelib", [])] != [pure]:
        yield f"{name} says Root-Is-Purelib {_listed(found.get('Root-Is-Purelib', []))}, not {pure}"
    said, named = sorted(found.get("Tag", [])), sorted(map(str, tags))
    if said != named:
        yield f"{name} says Tag {_listed(said)}, the file name {_listed(named)}"
    if body.strip():
        yield f"{name} is more than its fields"


def _record_problems(name: str, data: bytes, members: Members) -> Iterator[str]:
    rows = list(csv.reader(data.decode("utf-8").splitlines()))
    if any(len(row) != 3 for row in rows):
        yield f"{name} has a line that is no path, digest and size"
        return
    for path, many in Counter(row[0] for row in rows).items():
        if many > 1:
            yield f"{name} has {path} {many} times"
    recorded = {path: (digest, size) for path, digest, size in rows}
    for path in sorted(recorded.keys() | members.keys()):
        if path not in recorded or path not in members:
            yield f"{name} lacks {path}" if path in members else f"{name} has {path}, which is not there"
        elif path != name and recorded[path] != (_recorded(members[path]), str(len(members[path]))):
            yield f"{name} has another digest or size of {path}"


def _recorded(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode("ascii")
    return f"sha256={digest.rstrip('=')}"


def _headers(data: bytes) -> tuple[dict[str, list[str]], str]:
    """(values by field, all that stands below)"""
    message = email.message_from_string(data.decode("utf-8"))
    found: dict[str, list[str]] = {}
    for field, value in message.items():
        found.setdefault(field, []).append(str(value))
    return found, str(message.get_payload())


def _entry_points(project: Project) -> dict[str, dict[str, str]]:
    declared = project.declared
    groups = {"console_scripts": declared.get("scripts"), "gui_scripts": declared.get("gui-scripts")}
    return {group: dict(one) for group, one in {**groups, **declared.get("entry-points", {})}.items() if one}


def _read_entry_points(data: bytes) -> dict[str, dict[str, str]]:
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # names are case-sensitive
    parser.read_string(data.decode("utf-8"))
    return {group: dict(parser[group]) for group in parser.sections()}


def _listed(values: Iterable[str]) -> str:
    return ", ".join(values) or "nothing"
