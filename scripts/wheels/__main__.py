"""The command `python -m scripts.wheels`."""

from driftgate.base.command import run_command

if __name__ == "__main__":
    run_command("scripts.wheels.cli")
