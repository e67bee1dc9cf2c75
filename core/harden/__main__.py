"""The command `python -m core.harden`."""

from driftgate.base.command import run_command

if __name__ == "__main__":
    run_command("core.harden.cli")
