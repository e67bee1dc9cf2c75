"""Whether two results are the same in type, order and bits, where `==` is too kind.

`==` hides the order of keys, 1 beside 1.0 beside True, and the sign of zero; it also says
that NaN is not itself.
"""

from __future__ import annotations

import struct
from typing import Any


def same(left: Any, right: Any) -> bool:
    """Compares dicts with their order, lists and tuples, floats by their bits; walks without recursion."""
    pending = [(left, right)]
    while pending:
        one, other = pending.pop()
        kind = type(one)
        if kind is not type(other):
            return False
        if kind is dict:
            if len(one) != len(other):
                return False
            for (key, value), (other_key, other_value) in zip(one.items(), other.items()):
                if type(key) is not type(other_key) or key != other_key:
                    return False
                pending.append((value, other_value))
        elif kind is list or kind is tuple:
            if len(one) != len(other):
                return False
            pending.extend(zip(one, other))
        elif kind is float:
            if struct.pack("<d", one) != struct.pack("<d", other):
                return False
        elif one != other:
            return False
    return True
