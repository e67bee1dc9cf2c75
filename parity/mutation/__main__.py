"""The command `python -m parity.mutation`."""

from driftgate.base.command import run_command

if __name__ == "__main__":
    run_command("parity.mutation.cli")
