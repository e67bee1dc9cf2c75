"""The command `python -m reports`."""

from driftgate.base.command import run_command

if __name__ == "__main__":
    run_command("reports.cli")
