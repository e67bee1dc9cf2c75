"""Feeds identical inputs to any two implementations of the nine operations and compares what comes of it.

The data goes one way: `generate` and `recorded` make cases, `subjects` answer them,
`outcome` keeps what they answer, `compare` finds the first difference, `engine` counts
and emits `events`, and `render` and result files listen.
"""
