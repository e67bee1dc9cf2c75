"""Whether exactly the files that a sign-off let through are about to be uploaded.

    python -m reports.signed DIST --signoff DIR

Nothing but the standard library and git is needed: whoever holds the right to upload runs nothing else.
What the files are made of was asked before, by `published`, as a step of that sign-off.
"""

from __future__ import annotations

if __name__ == "__main__":
    from driftgate.base.command import run_command

    run_command("reports.signed")

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from driftgate.base import strict_json
from driftgate.base.checkout import known_commit
from driftgate.base.command import Parser, command, one_line
from driftgate.base.exit_codes import ExitCode, Unfit
from driftgate.base.figures import count
from driftgate.base.files import digest_of
from driftgate.base.options import in_folder, known_name

from .policy import POLICY, level_of
from .provenance import ROOT

SUMS = "SHA256SUMS"
"""Digests of the files that a sign-off lets be published."""

OUT = Path("reports/out")

EXAMPLES = """\
  python -m reports.signed dist --signoff signoff     as the release workflow asks, before it uploads
"""

EXIT_CODES = """\
exit codes: 0 exactly these files may be uploaded; 1 they may not; 2 usage; 3 interrupted; 4 there is no
whole sign-off, or nothing to upload
"""


def files_of(dist: Path) -> list[Path]:
    """Raises `Unfit` where there are none."""
    found = sorted(dist.iterdir()) if dist.is_dir() else []
    if not found:
        raise Unfit(f"{dist} holds nothing to publish; run: make wheels")
    return found


def sums(dist: Path) -> str:
    """The digests as `sha256sum` writes and checks them."""
    return "".join(f"{digest_of(path)}  {path.name}\n" for path in files_of(dist))


def require_signed(dist: Path, folder: Path, level: str, commit: str, policy: Path = POLICY) -> list[str]:
    """What keeps these very files from being published, by what a finished sign-off says.

    The folder's own digests are for `verify`; only what is read here is checked.  Raises `Unfit` for a folder
    that is no whole sign-off.
    """
    asked = level_of(level, policy)
    manifest, found = (_object(folder / name) for name in ("manifest.json", "signoff.json"))
    try:
        recorded = (folder / SUMS).read_bytes()
        for name in ("signoff.json", policy.name, SUMS):
            if manifest["files"][name] != digest_of(folder / name):
                raise Unfit(f"{folder}: {name} is not the file that the manifest names")
        of = {"level": found["level"], "commit": found["commit"]["id"], "verdict": found["verdict"]}
        changed, held_against = found["commit"]["changed_files"], found["policy"]
    except (OSError, KeyError, TypeError) as error:
        raise Unfit(f"{folder} holds no sign-off of files to publish: {error}") from error
    wanted = {"level": level, "commit": commit, "verdict": "GO"}
    wrong = [
        f"the sign-off's {name} is {of[name]}, not {one}" for name, one in wanted.items() if of[name] != one
    ]
    if changed != 0:
        wrong.append(f"the sign-off judged {changed} changed files, which no commit has")
    same_file = manifest["files"][policy.name] == digest_of(policy)
    if not same_file or held_against != json.loads(json.dumps(asdict(asked))):
        wrong.append(f"the sign-off's policy is not the checkout's {policy.parent.name}/{policy.name}")
    lines = (line.partition("  ") for line in recorded.decode("utf-8").splitlines())
    signed = {name: digest for digest, _, name in lines}
    given = {path.name: digest_of(path) for path in files_of(dist)}
    for name in sorted(signed.keys() | given.keys()):
        if name not in given:
            wrong.append(f"{name} was signed off and is missing")
        elif name not in signed:
            wrong.append(f"{name} was not signed off")
        elif given[name] != signed[name]:
            wrong.append(f"{name} is not the file that was signed off")
    return wrong


def add_arguments(parser: argparse.ArgumentParser, out: Path) -> None:
    parser.add_argument("dist", type=in_folder, metavar="DIST", help="holds what is to be uploaded")
    parser.add_argument(
        "--signoff", type=in_folder, default=str(out), metavar="DIR", help=f"(default: {out})"
    )
    parser.add_argument(
        "--level", type=known_name, default="release", metavar="LEVEL", help="(default: release)"
    )


def run(options: argparse.Namespace) -> ExitCode:
    commit = known_commit(ROOT)
    return told(options.dist, require_signed(options.dist, options.signoff, options.level, commit.id))


def told(dist: Path, wrong: Sequence[str]) -> ExitCode:
    """Print the answer."""
    for problem in wrong:
        print(f"  {one_line(problem)}")
    many = count(len(files_of(dist)), "file")
    if wrong:
        print(f"FAIL: {count(len(wrong), 'reason')} against publishing {many}.")
        return ExitCode.FAIL
    print(f"PASS: {many} may be published.")
    return ExitCode.PASS


@command
def main(arguments: Sequence[str] | None = None) -> ExitCode:
    return run(parser().parse_args(arguments))


def parser() -> Parser:
    made = Parser(
        prog="python -m reports.signed",
        description="Say whether exactly these distributions were signed off and may be uploaded.",
        examples=EXAMPLES,
        exit_codes=EXIT_CODES,
    )
    add_arguments(made, OUT)
    return made


def _object(path: Path) -> dict[str, Any]:
    try:
        found = strict_json.parse(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Unfit(f"{path.parent} holds no whole sign-off: {path.name}: {error}") from error
    if not isinstance(found, dict):
        raise Unfit(f"{path.parent} holds no whole sign-off: {path.name} is no object")
    return found
