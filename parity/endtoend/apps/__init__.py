"""The applications run under the real SDK.

Each module has `application(workspace)`, a context manager that yields the port on which the
application serves, and `drive(port)`, the requests it is sent, one after the other.  Both
are imported only after the SDK has started, since it patches what they import.
"""

from __future__ import annotations

APPS = ("shop", "bookings")
