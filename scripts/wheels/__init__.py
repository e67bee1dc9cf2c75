"""Release artefacts: source distributions, a native wheel for each Python found, and their checks.

pythons   which interpreters there are
build     sdists from the checkout, wheels from the sdists
extension what an extension imports and exports
check     whether a wheel may be published
"""
