"""driftcore: the Python reference of the drift core, and the bridge to its native twin.

`driftcore.reference` holds the nine functions as a readable specification.
`driftcore.bridge` calls the native module where it is present and switched on,
and tells its caller to take the Python path where it is not.
"""

__version__ = "0.1.0"
