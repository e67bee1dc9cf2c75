"""The engine that decides whether a fast implementation may replace a readable one.

`base` is its ground floor: exit codes, the frame of every command, options, files, result files.
It imports nothing of `core`, `parity`, `bench`, `fixtures` or `reports`.
"""
