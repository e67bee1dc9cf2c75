"""The closed list of facts, and what each says of an input."""

from __future__ import annotations

from collections.abc import Mapping

KINDS = frozenset(
    {
        "float", "negative number", "int other than 0", "string", "object", "list", "null", "true or false",
        "several items", "nesting", "text argument",
    }
)
"""Facts that say only which kinds of values there are; the plainest value, the int 0, has none."""

FORMS = frozenset(
    {
        "exponent spelled", "odd spelling of a float", "float that is whole", "float of 17 digits",
        "int beyond 2**53", "int 1", "non-ASCII", "escape \\u", "short escape", "escaped surrogate pair",
        "blank between tokens", "long string", "string that looks like JSON", "empty list", "empty object",
        "repeated key", "merges", "merge of an absent key", "environment", "value", "metadata",
        "precomputed bytes", "schema with properties", "time", "enum other than 0", "true flag", "span",
        "several spans", "default written out",
    }
)
"""Facts that often only come with others: they count as a cause where no stronger fact is left."""

CARRIERS = frozenset(
    {
        "several items", "nesting", "text argument", "environment", "value", "metadata", "precomputed bytes",
        "schema with properties", "time", "span", "several spans",
    }
)
"""Facts that say only that a part of the input is used at all."""

VOCABULARY: Mapping[str, str] = {
    "float": "a number that is a float",
    "negative number": "a number below zero",
    "string": "a string that is no key",
    "object": "a JSON object, a dict",
    "list": "a JSON array, a list",
    "null": "a null, a None in a payload",
    "true or false": "a bool in a payload",
    # numbers
    "int other than 0": "an int that is not zero",
    "int 1": "the int 1, which equals True",
    "int beyond 2**53": "an int no double holds exactly, for its size",
    "int of u64": "an int from 2**63 to 2**64 - 1",
    "int beyond 64 bits": "an int below -2**63 or from 2**64 on",
    "int beyond double range": "an int that rounds to no finite double",
    "int of over 640 digits": "an int that an interpreter may refuse to read",
    "-0": "the int -0, as text",
    "-0.0": "the float negative zero",
    "NaN": "not a number",
    "Infinity": "an infinity, spelled or by overflow",
    "float in exponent form": "a float whose repr has an exponent",
    "float that is whole": "a float without a fraction, such as 1.0",
    "float of 17 digits": "a float whose repr has 16 digits or more",
    "subnormal float": "a float below 2**-1022",
    "exponent spelled": "a number written with e or E",
    "odd spelling of a float": "a float not written as its repr",
    # strings
    "non-ASCII": "a character beyond U+007F",
    "astral character": "a character beyond U+FFFF",
    "lone surrogate": "half a surrogate pair, as a code point or an escape",
    "surrogates side by side": "two code points of a surrogate pair that are not one character",
    "control character": "a character below U+0020 or U+007F in a value",
    "NUL": "the character U+0000",
    "quote or backslash": "a character JSON must escape",
    "escape \\u": "an escape by number, in a text",
    "short escape": "an escape such as \\n or \\/, in a text",
    "escaped surrogate pair": "one character written as two escapes",
    "line separator": "U+2028 or U+2029",
    "byte order mark": "U+FEFF",
    "string that looks like JSON": "a string that begins like a JSON object, array or string",
    "long string": "a string of over 100 characters",
    # objects and structure
    "key ''": "an empty key",
    "keys out of code-point order": "an object whose keys are not sorted",
    "keys that UTF-16 sorts otherwise": "keys whose order by code point and by UTF-16 unit differ",
    "repeated key": "a key twice in one object of a text",
    "keys alike as text": "keys that differ and have the same str",
    "empty list": "a list without items",
    "empty object": "an object without members",
    "several items": "a list or object with more than one member",
    "nesting": "a container within a container",
    "nesting over 30": "over 30 containers within one another",
    "nesting over 100": "over 100",
    "nesting over 127": "over 127",
    "nesting over 200": "over 200",
    "nesting over 900": "over 900, near where Python gives up",
    "over 100 members": "a container with over 100 members",
    "blank between tokens": "blanks in a text",
    "not JSON": "a text that is no JSON",
    # Python objects
    "bytes object": "bytes or a bytearray",
    "set": "a set",
    "tuple": "a tuple, a namedtuple",
    "key that is no str": "a key of another type",
    "subclass of a plain type": "an instance of a subclass of str, int, float, list or dict",
    "enum member": "a member of an Enum",
    "Mapping that is no dict": "a Mapping of another class",
    "dataclass": "an instance of a dataclass",
    "Decimal": "a decimal.Decimal",
    "date or time": "an object of the datetime module",
    "object known by its str": "an object that is none of the others",
    "object whose str raises": "an object without a text",
    "same object twice": "a container that stands in two places",
    "object within itself": "a cycle",
    # merges
    "merges": "merges with at least one key",
    "merge: encoding": "an encoding of 1",
    "merge: decoded_type": "a decoded_type of 1",
    "merge: attribute": "any other attribute of a merge",
    "merge: match_importance": "a match_importance",
    "merge of an absent key": "a merge for a key the payload's top level lacks",
    "merge on nested key": "a merge for a key that only a nested object has",
    "wrong merges": "merges the contract refuses",
    "merges not JSON": "merges text that is no JSON",
    "base64": "a string under an encoding merge",
    "base64 with foreign characters": "one with characters outside the alphabet",
    "base64 of wrong length": "one whose length is no multiple of four",
    # spans and requests
    "argument of a wrong type": "an argument that is a TypeError",
    "argument out of range": "an int that does not fit its field or enum",
    "text argument": "a text among the span's or request's own that is not empty",
    "environment": "a span with an environment",
    "metadata": "metadata with members",
    "None in metadata": "a None at the metadata's top level",
    "value": "an input or output value with members",
    "value that is no object": "an input or output value that is neither an object nor None",
    "precomputed bytes": "Struct bytes given beside the value",
    "schema with properties": "a schema with properties or items",
    "schema: encoding or decoded_type": "a schema with one of these",
    "schema: match_importance": "a schema with a match_importance",
    "schema: empty": "a schema, nested or not, without a type",
    "schema: odd member": "a schema with a member of a kind or range inference never makes",
    "enum other than 0": "an enum argument that is not its default",
    "true flag": "a flag that is set",
    "time": "a time or duration that is not 0",
    "time finer than a microsecond": "nanos that are no whole microseconds",
    "time below zero": "negative seconds or nanos",
    "time out of datetime's range": "seconds beyond the years 1 to 9999",
    "span": "a request with a span",
    "several spans": "a request with more than one",
    "empty span": "a span of no bytes",
    "damaged bytes": "Span or Struct bytes that are not well-formed",
    "bytes not UTF-8": "a text field that is not UTF-8",
    "repeated field": "a field twice in a message where it may stand once",
    "fields out of order": "a message whose field numbers do not rise",
    "unknown field": "a field the message does not have",
    "padded varint": "a varint longer than it needs to be",
    "default written out": "a field with the value it has when absent",
    "map entry without key": "a map's entry that leaves its key out",
    "value of no kind": "a Value with no member",
}
