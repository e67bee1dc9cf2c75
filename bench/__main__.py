"""The command `python -m bench`."""

from reports.exit_codes import exit_with

from .cli import main

if __name__ == "__main__":
    exit_with(main)
