"""Candidates that misbehave on purpose, each in one way, to prove that the gate sees it.

Each module takes over `honest` and changes one function.
"""
