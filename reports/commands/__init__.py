"""The subcommands of `python -m reports`, one a module: its arguments and what it does."""
