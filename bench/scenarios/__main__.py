"""The command `python -m bench.scenarios`."""

from driftgate.base.command import run_command

if __name__ == "__main__":
    run_command("bench.scenarios.cli")
