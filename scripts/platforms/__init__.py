"""Platforms other than this machine's: what can be built, run and proved from here, and the table of it.

targets   the table: name, compiler, what runs its programs
cross     C core, tests and extension by a compiler that reaches every platform
abroad    the Python of a target whose headers an extension is compiled against
at_home   wheel, tests and a campaign under a Python that runs, here or in another root
steps     runs the steps of a target: each is a check
page      the table in docs/compatibility.md, from committed results
"""
