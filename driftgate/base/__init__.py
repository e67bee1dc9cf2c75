"""What every command stands on: exit codes, the command frame, options, files written whole, result files."""
