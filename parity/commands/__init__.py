"""The subcommands of `python -m parity`, one a module: its arguments and what it does."""
