"""How a campaign on a cluster scales: measured on one worker and two, beyond by the law these give.

    python -m scripts.scaling

Schedulers and workers are processes of this machine, on loopback.  The same campaign is run on one worker and
on two in turn, in an order that turns around, so that whatever else the machine does acts on both.  Processor
time is taken beside time by the clock: on a busy machine only the former says what a shard costs.
"""

from __future__ import annotations

if __name__ == "__main__":
    from driftgate.base.command import run_command

    run_command("scripts.scaling")

import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode
from driftgate.base.options import Whole, cases
from parity import campaign
from parity.census import total
from parity.cluster import Cluster
from parity.events import Rehearsed, ShardDone
from parity.loopback import Loopback, loopback
from parity.plan import Plan
from parity.results import RunFile

EXAMPLES = """\
  python -m scripts.scaling                          six rounds, some minutes
  python -m scripts.scaling --cases 8000 --rounds 2  a quick look
"""

EXIT_CODES = """\
exit codes: 0 measured; 2 usage; 3 interrupted; 4 a cluster cannot be started
"""

WORKERS = (1, 2)
BEYOND = (4, 8, 16, 32, 64, 128)
LONGER = 1000


@dataclass(frozen=True)
class Measured:
    """One campaign of `cases` compared ones in `shards` shards, on `count` workers.

    `seconds` are by the clock, from the first shard handed out to the last that came back.  Of processor time
    are `serial`, the client's before and after that, and what workers, scheduler and client spent meanwhile.
    """

    count: int
    cases: int
    shards: int
    seconds: float
    serial: float
    workers: float
    scheduler: float
    client: float


@dataclass(frozen=True)
class Law:
    """Seconds: `serial` on any number of workers, `work` that they share, `feeding` that they cannot."""

    serial: float
    work: float
    feeding: float

    def seconds(self, workers: int) -> float:
        """Amdahl's law, but for shards that are fed by one client: more workers than it can feed wait."""
        return self.serial + max(self.work / workers, self.feeding)

    def speed_up(self, workers: int) -> float:
        return self.seconds(1) / self.seconds(workers)

    def of(self, times: float) -> Law:
        """The law of a campaign so many times as long; what is serial does not grow."""
        return Law(self.serial, self.work * times, self.feeding * times)

    @property
    def fed(self) -> float:
        """How many workers the client can feed."""
        return self.work / self.feeding


def law(found: Sequence[Measured]) -> Law:
    """From the medians.  Client and scheduler work side by side, so the busier of them is the limit."""
    return Law(
        statistics.median(one.serial for one in found),
        statistics.median(one.workers for one in found),
        statistics.median(max(one.client, one.scheduler) for one in found),
    )


def measure(cluster: Loopback, pids: Sequence[int], plan: Plan, out: Path) -> Measured:
    """One campaign on all workers of a cluster, whose processes are `pids`."""
    begun = _client_seconds()
    with Cluster(cluster.address, plan, least=len(pids)) as executor, RunFile(out) as file:
        first: list[float] = []
        last: list[float] = []
        compared = 0
        for event in campaign.run(plan, executor):
            file.write(event)
            if isinstance(event, Rehearsed):
                first = _spent(pids, cluster.scheduler)
            elif isinstance(event, ShardDone):
                compared += total(event.result.census).compared
                last = _spent(pids, cluster.scheduler)
    whole = _client_seconds() - begun
    seconds, workers, scheduler, client = (after - before for before, after in zip(first, last))
    return Measured(
        len(pids), compared, len(plan.shards()), seconds, whole - client, workers, scheduler, client
    )


def _spent(pids: Sequence[int], scheduler: int) -> list[float]:
    """So far: the clock; processor time of the workers together, of the scheduler, of this process."""
    clock = time.monotonic()
    return [clock, sum(map(_processor_seconds, pids)), _processor_seconds(scheduler), _client_seconds()]


def _client_seconds() -> float:
    """With those of the processes in which each subject was put against itself."""
    return sum(os.times()[:4])


def _processor_seconds(pid: int) -> float:
    """Of a process and its children: those it waited for (proc(5), fields 14 to 17 of stat) and the others.

    A worker of a cluster has its subjects in a child that stays.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        lists = [one.read_text() for one in Path(f"/proc/{pid}/task").glob("*/children")]
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # a child that has ended since
    own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return own + sum(_processor_seconds(int(child)) for one in lists for child in one.split())


def text(found: Sequence[Measured]) -> str:
    """The measured rows, then what the law says of more workers, for this campaign and a longer one."""
    lines = ["workers  cases/s  cases per second of a worker's processor time"]
    rates = {}
    for count in WORKERS:
        of_count = [one for one in found if one.count == count]
        rates[count] = [one.cases / one.seconds for one in of_count]
        own = statistics.median(one.cases / one.workers for one in of_count)
        lines.append(f"{count:>7}  {statistics.median(rates[count]):>7,.0f}  {own:,.0f}")
    pairs = sorted(two / one for one, two in zip(rates[1], rates[2]))
    lines.append(f"two against one, round by round: {' '.join(f'{pair:.2f}' for pair in pairs)}")
    fitted, shards = law(found), found[0].shards
    lines.append(
        f"processor time of {found[0].cases:,} cases in {shards} shards: {fitted.serial:.2f} s serial, "
        f"{fitted.work:.2f} s of work, {fitted.feeding:.3f} s of feeding "
        f"(client {statistics.median(one.client for one in found):.3f} s, "
        f"scheduler {statistics.median(one.scheduler for one in found):.3f} s)"
    )
    lines.append(
        f"serial share {fitted.serial / fitted.seconds(1):.1%}; one client feeds {fitted.fed:,.0f} workers"
    )
    lines.append(f"workers  speed-up by the law  of a campaign {LONGER} times as long")
    for count in (*WORKERS, *BEYOND):
        lines.append(
            f"{count:>7}  {fitted.speed_up(count):>19.1f}  {fitted.of(LONGER).speed_up(count):>30.1f}"
        )
    return "\n".join(lines)


@command
def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = parser().parse_args(arguments)
    plan = Plan("reference", "native", cases=options.cases)
    found = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        clusters = {}
        for count in WORKERS:
            place = Path(folder) / str(count)
            place.mkdir()
            cluster = stack.enter_context(loopback(place))
            clusters[count] = cluster, [cluster.worker().pid for _ in range(count)]
        for number in range(options.rounds):
            for count in WORKERS if number % 2 else WORKERS[::-1]:
                found.append(measure(*clusters[count], plan, Path(folder) / "parity.ndjson"))
    print(text(found))
    return ExitCode.PASS


def parser() -> Parser:
    made = Parser(
        prog="python -m scripts.scaling",
        description="Measure a campaign on one worker and on two in turn; say what more would give.",
        examples=EXAMPLES,
        exit_codes=EXIT_CODES,
    )
    made.add_argument(
        "--cases",
        type=Whole(1, cases.most),
        default="40000",
        metavar="N",
        help="of a campaign (default: 40000)",
    )
    made.add_argument(
        "--rounds", type=Whole(1, 1_000), default="6", metavar="N", help="campaigns of each (default: 6)"
    )
    return made
