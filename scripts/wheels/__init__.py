"""Release artefacts: source distributions, a native wheel for each Python found, and their checks.

pythons   which interpreters there are
folder    where they are put: nothing of others, nothing half
build     sdists from the checkout, wheels from the sdists
extension what an extension imports and exports
check     whether a wheel may be published
"""
