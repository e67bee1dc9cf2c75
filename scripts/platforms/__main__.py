"""The command `python -m scripts.platforms`."""

from driftgate.base.command import run_command

if __name__ == "__main__":
    run_command("scripts.platforms.cli")
