"""The name by which `driftgate.base.decode` was known before."""

from driftgate.base.decode import decode as decode
