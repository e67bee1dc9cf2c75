"""How strong is the gate?  Faults are planted in the C core and in the harness; the gate must catch them.

One build of the extension holds all mutants of the C core behind the variable `driftcore_mutant`;
a fork for each mutant sets it and runs the gate until it catches something.
"""
