"""The commands of the CI files: GitHub's workflows and action, and GitLab's job.

    python -m scripts.workflow_steps JOB...     runs the jobs' commands, each in a fresh clone

What a job `uses` of others is left out, and said, but for what `workflow_actions` stands in for; an action
of this checkout is run as well.  Of GitHub's expressions only inputs, outputs of steps, and values of a
matrix are filled in; any other fails its step.  Of a matrix that names this machine's Python or platform only
these are run.  The lines of a GitLab job share one shell, as there.
"""

from __future__ import annotations

if __name__ == "__main__":
    from driftgate.base.command import run_command

    run_command("scripts.workflow_steps")

import itertools
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from driftgate.base.checkout import git
from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode

from . import workflow_actions as actions

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = ROOT / ".github" / "workflows"
GITLAB = ROOT / "docs" / "ci" / "gitlab-ci.yml"

EXAMPLES = """\
  python -m scripts.workflow_steps signoff.judge         the gate, as a pull request meets it: minutes
  python -m scripts.workflow_steps driftcore-gate        the same for GitLab
  python -m scripts.workflow_steps release.sdists release.wheels release.matrix
                                                         each takes what the ones before it uploaded
"""

EXIT_CODES = "exit codes: 0 all commands ended with 0; 1 one did not; 2 usage; 3 interrupted"

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_OUTPUT = re.compile(r"steps\.([\w-]+)\.outputs\.([\w-]+)")
_SETTING_UP = re.compile(r"\bapt-get\b|git config --global")


@dataclass(frozen=True)
class Step:
    """A command and its environment, or what is used instead; texts may hold GitHub's expressions."""

    run: str = ""
    uses: str = ""
    id: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    always: bool = False


@dataclass(frozen=True)
class Job:
    name: str
    steps: tuple[Step, ...]
    needs: tuple[str, ...] = ()
    matrices: tuple[Mapping[str, str], ...] = ({},)
    """Of those that this machine can run, one for each time."""


def jobs() -> dict[str, Job]:
    """All jobs: `FILE.JOB` of GitHub's workflows, and GitLab's under their own names."""
    found = {}
    for path in sorted(WORKFLOWS.glob("*.yml")):
        for name, job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].items():
            needs = job.get("needs", [])
            steps = tuple(_step(one, job.get("env", {})) for one in job["steps"])
            found[f"{path.stem}.{name}"] = Job(
                name,
                steps,
                tuple([needs] if isinstance(needs, str) else needs),
                tuple(map(_texts, _matrices(job.get("strategy", {}).get("matrix", {})))),
            )
    for name, job in yaml.safe_load(GITLAB.read_text(encoding="utf-8")).items():
        found[name] = gitlab_job(name, job)
    return found


def gitlab_job(name: str, job: Mapping[str, Any]) -> Job:
    """Its lines are one script: what one of them exports, or where it goes, holds in the next."""
    return Job(name, (Step(run="\n".join([*job.get("before_script", []), *job["script"]])),))


def action(path: str) -> tuple[dict[str, str], tuple[Step, ...]]:
    """(default inputs, steps) of an action of this checkout"""
    document = yaml.safe_load((ROOT / path / "action.yml").read_text(encoding="utf-8"))
    inputs = {name: str(one.get("default", "")) for name, one in document["inputs"].items()}
    return inputs, tuple(_step(one, {}) for one in document["runs"]["steps"])


def _matrices(declared: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    here = {actions.PYTHON, f"{sys.platform}_{platform.machine()}"}
    choices = [
        [(name, value) for value in values if not here & set(values) or value in here]
        for name, values in declared.items()
        if name != "include"
    ]
    included = declared.get("include", [])
    if not choices:
        yield from [one for one in included if here & set(one.values())] or [{}]
        return
    for chosen in map(dict, itertools.product(*choices)):
        more = [
            one for one in included if all(one.get(name, value) == value for name, value in chosen.items())
        ]
        yield {**chosen, **{name: value for one in more for name, value in one.items()}}


def _step(step: Mapping[str, Any], env: Mapping[str, Any]) -> Step:
    return Step(
        run=step.get("run", ""),
        uses=step.get("uses", ""),
        id=step.get("id", ""),
        env=_texts({**env, **step.get("env", {})}),
        given=_texts(step.get("with", {})),
        always="always()" in str(step.get("if", "")),
    )


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


@dataclass
class _Run:
    """Commands run one after the other in a clone; after a failure only those that are always run."""

    place: actions.Place
    outputs: Path
    matrix: Mapping[str, str]
    known: dict[str, str] = field(default_factory=dict)
    failed: bool = False

    def steps(self, steps: Sequence[Step], inputs: Mapping[str, str]) -> None:
        for step in steps:
            if self.failed and not step.always:
                continue
            try:
                self._step(step, inputs)
            except actions.ActionFailed as error:
                print(error, flush=True)
                self.failed = True

    def _step(self, step: Step, inputs: Mapping[str, str]) -> None:
        name = step.uses.partition("@")[0]
        stand_in = actions.STAND_INS.get(name)
        if name and stand_in is None and not name.startswith("./"):
            print(f"left out: {step.uses}", flush=True)
            return
        given = {name: self._filled(text, inputs) for name, text in step.given.items()}
        if stand_in is not None:
            print(f"{name}: {stand_in(self.place, given)}", flush=True)
        elif name:
            defaults, inner = action(step.uses)
            self.steps(inner, {**defaults, **given})
        else:
            self._run(step, inputs)

    def _run(self, step: Step, inputs: Mapping[str, str]) -> None:
        script = self._filled(_without_setting_up(step.run), inputs)
        if not script:
            return
        print(f"$ {script}", flush=True)
        self.outputs.write_text("")
        env = {name: self._filled(text, inputs) for name, text in step.env.items()}
        places = {"GITHUB_OUTPUT": str(self.outputs), "GITHUB_STEP_SUMMARY": f"{self.outputs}.md"}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.place.clone,
            env={**self.place.variables, **places, **env},
            stdin=subprocess.DEVNULL,
            check=False,
        )
        for line in self.outputs.read_text().splitlines():
            name, _, value = line.partition("=")
            self.known[f"{step.id}.{name}"] = value
        if done.returncode:
            print(f"ended with exit code {done.returncode}", flush=True)
            self.failed = True

    def _filled(self, text: str, inputs: Mapping[str, str]) -> str:
        return _EXPRESSION.sub(lambda found: self._value(found[1], inputs), text)

    def _value(self, expression: str, inputs: Mapping[str, str]) -> str:
        """The last of alternatives `a || b` where nothing before it is known: the one of a pull request."""
        *_, last = (part.strip() for part in expression.split("||"))
        output = _OUTPUT.fullmatch(last)
        if output:
            return self.known.get(f"{output[1]}.{output[2]}", "")
        if len(last) > 1 and last[0] == last[-1] == "'":
            return last[1:-1]
        kind, _, name = last.partition(".")
        values = {"matrix": self.matrix, "inputs": inputs}.get(kind, {})
        if name not in values:
            raise actions.ActionFailed(f"not known here: ${{{{ {expression} }}}}")
        return values[name]


def _without_setting_up(script: str) -> str:
    """The lines that leave this machine as it is; the others are said."""
    kept = []
    for line in script.strip().splitlines():
        if _SETTING_UP.search(line):
            print(f"left out, it changes this machine: {line}", flush=True)
        else:
            kept.append(line)
    return "\n".join(kept)


@command
def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = parser().parse_args(arguments)
    known = jobs()
    with tempfile.TemporaryDirectory(prefix="driftcore-artifacts-") as uploads:
        passed = [
            _passes(known[name], matrix, Path(uploads))
            for name in options.job
            for matrix in known[name].matrices
        ]
    return ExitCode.PASS if all(passed) else ExitCode.FAIL


def _passes(job: Job, matrix: Mapping[str, str], uploads: Path) -> bool:
    """Run a job in a clone of its own; what it uploads stays for the jobs behind it."""
    name = " ".join((job.name, *map(str, matrix.values())))
    with tempfile.TemporaryDirectory(prefix="driftcore-workflow-") as work:
        place = actions.Place(Path(work) / "clone", uploads)
        git(ROOT, "clone", "--quiet", "--no-hardlinks", str(ROOT), str(place.clone))
        run = _Run(place, Path(work) / "outputs", matrix)
        run.steps(job.steps, {})
    print(f"{'FAIL' if run.failed else 'PASS'}: {name}", flush=True)
    return not run.failed


def parser() -> Parser:
    made = Parser(
        prog="python -m scripts.workflow_steps",
        description="Run the commands of CI jobs, each in a fresh clone of this checkout's commit.",
        examples=EXAMPLES,
        exit_codes=EXIT_CODES,
    )
    names = list(jobs())
    made.add_argument("job", nargs="+", choices=names, metavar="JOB", help=f"one of {', '.join(names)}")
    return made


def uses(job: Job, what: str) -> Iterator[Mapping[str, str]]:
    """What the steps of a job hand to actions of a name, whatever their version."""
    for step in job.steps:
        if step.uses.partition("@")[0] == what:
            yield step.given
