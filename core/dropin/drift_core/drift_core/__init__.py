"""In the place of the Rust core's extension: imported only where both are installed (`driftcore_dropin`)."""

from driftcore_dropin import clash

raise clash()
