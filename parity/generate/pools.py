"""Corner values that code is known to get wrong, plainest first.

A generator draws from these with a bias, because uniform draws never meet them.
Sizes around limits of the code under test are in `limits`.
"""

from __future__ import annotations

SMALLEST_DIGIT_LIMIT = 640
DIGIT_LIMITS = (SMALLEST_DIGIT_LIMIT, 4300)

PLAIN_INTS = ("0", "1", "2", "7", "10", "42", "100", "200", "404", "1024", "-1", "-5", "65535")

INTS = (
    "-0", "127", "128", "255", "256", "32767", "32768", "65536", "999999", "1000000", "2147483647",
    "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "9007199254740991",
    "9007199254740992", "9007199254740993", "-9007199254740993", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615",
    "18446744073709551616", "10000000000000000", "99999999999999999", "10000000000000000000000",
    "10000000000000000000001", "123456789012345678901234567890", "340282366920938463463374607431768211456",
    "-340282366920938463463374607431768211456",
)  # fmt: skip

# Spelled as a writer might, not as Python would: the text itself is the case.
FLOATS = (
    "0.0", "-0.0", "1.0", "0.1", "0.5", "1.5", "19.99", "-19.99", "3.14", "100.00", "0.30000000000000004",
    "1e1", "1E+2", "1.0e-05", "0.1e1", "1e5", "1e-1", "0e0", "-0e-0", "0E+10", "-0.0e5", "1.50", "10.0e-1",
    # Where float.__repr__ switches to an exponent: 1e16 and 1e-5.
    "1e15", "1e16", "1e17", "9999999999999998.0", "9999999999999999.0", "10000000000000000.0",
    "12345678901234567.0", "100000000000000000000.0", "1e21", "1e22", "1e23", "123456789012345680000.0",
    "0.001", "0.0001", "0.00011", "0.00001", "0.000012345", "0.00009999999999999999", "1e-4", "1e-5", "1e-6",
    "1e-7",
    # Seventeen digits, ties, and doubles beside powers of two.
    "1.7976931348623157", "0.12345678901234568", "5.960464477539063e-08", "9007199254740993.0",
    "9007199254740992.5", "4503599627370496.5", "4503599627370497.5", "1.0000000000000002",
    "0.9999999999999999", "0.99999999999999994", "2.2204460492503131e-16", "8.41e21", "9.5e-3",
    "6.02214076e23",
    # The edges of the double range.
    "5e-324", "4.9e-324", "3e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "1e-323", "1e-400",
    "2.2250738585072014e-308", "2.2250738585072011e-308", "2.225073858507201e-308", "-5e-324",
    "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "1e308", "1e309", "1e400",
    "-1e400", "1e99999", "1e-99999", "0e99999", "0.000000000000000000000000000001e400", "NaN", "Infinity",
    "-Infinity",
)  # fmt: skip

WORDS = (
    "a", "id", "name", "value", "GET", "application/json", "user-42", "hello world", "2024-02-29T12:00:00Z",
    "https://example.test/a?b=c&d=%20", "null", "true", "NaN", "1.0", "-0", "{}", "[1]", "__proto__",
    "constructor", "SELECT * FROM users WHERE id = $1", "d41d8cd98f00b204e9800998ecf8427e", "a b\tc", "",
    " ", "  trailing  ",
)  # fmt: skip

KEYS = (
    "id", "name", "type", "items", "value", "status", "url", "headers", "body", "price", "rows", "data",
    "properties", "encoding", "user_id", "created_at", "Content-Type", "x-request-id",
)  # fmt: skip

# Order by code point differs from order by UTF-16 unit, by byte of Latin-1, by locale and by length.
AWKWARD_KEYS = (
    "", "a", "A", "b", "B", "aa", "ab", "a.b", "a b", "0", "1", "10", "9", "-1", "00", "_", "~", "\x7f",
    "\x80", "\xe9", "e\u0301", "\xff", "\u0100", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uf8ff", "\ufeff",
    "\ufffd", "\uffff", "\U00010000", "\U0001f600", "\U0010ffff", "\u2028", "\x00", "a\x00", "a\x00b", "\"",
    "\\", "/", "\n", "__proto__", "constructor", "null", "true", "1.0", "ﬁ", "fi", "ß", "ss", "İ", "i",
    "\u200b", "\u202e",
)  # fmt: skip

# Characters that stand in text as they are.
RAW_CHARACTERS = (
    "x", " ", "é", "ß", "中", "\u07ff", "\u0800", "\uffff", "\U00010000", "\U0010ffff", "😀",
    "👩\u200d👩\u200d👧", "e\u0301", "\x7f", "\x80", "\x85", "\xa0", "\xad", "\xff", "\u2028", "\u2029",
    "\ufeff", "\ufffe", "\ufffd", "\u200b", "\u202e", "\ue000", "\u0130", "ﬁ", "'", "/", "<", ">", "&",
    "</script>", "{", "}", "[", "]", ",", ":", "`", "%", "$", "#",
)  # fmt: skip

# Escapes as written between quotes.
ESCAPES = (
    "\\n", "\\t", "\\r", "\\b", "\\f", "\\\"", "\\\\", "\\/", "\\u0041", "\\u00e9", "\\u00E9", "\\u0000",
    "\\u001f", "\\u001F", "\\u0020", "\\u0022", "\\u005c", "\\u005C", "\\u002f", "\\u007f", "\\u0080",
    "\\u2028", "\\u2029", "\\ufeff", "\\uFFFF", "\\ud7ff", "\\ue000", "\\ud83d\\ude00", "\\uD83D\\uDE00",
    "\\ud800\\udc00", "\\udbff\\udfff", "\\ud83D\\uDe00",
)  # fmt: skip

# Half surrogates: alone, reversed, doubled, beside their look-alikes, escaped and raw mixed.
LONE_SURROGATES = (
    "\\ud800", "\\udc00", "\\udfff", "\\udbff", "\\ud83d", "\\ude00\\ud83d", "\\ud83d\\ud83d",
    "\\ud83d\\ud83d\\ude00", "\\ud83dx", "\\ud83d\\n", "\\ud83d\\u0041", "\\ud83d\\\\ude00", "\ud800",
    "\udfff", "\ud83d", "\ud83d\ude00", "\ud83d\\ude00", "\\ud83d\ude00", "\udc80",
)  # fmt: skip

BLANKS = (" ", "\n", "\t", "\r", "\r\n", "  ", "\n  ", " \t\r\n ", "\n\n    ")

# Nesting depths by how commonly they are drawn.
USUAL_DEPTHS = (2, 3, 5, 8, 12, 20, 31, 32, 33, 63, 64, 65, 99, 100, 101, 126, 127, 128, 129, 149, 150)
RARE_DEPTHS = (151, 160, 180, 199, 200, 201, 209, 210)

# Texts that JSON does not allow.  Each stands alone; the malformed profile also damages right ones.
MALFORMED = (
    "", " ", "\n", "[", "{", "]", "}", "[1", "[1,", "[1,]", "[,1]", "[1,,2]", "[1 2]", "{\"a\"", "{\"a\":",
    "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{\"a\" 1}", "{\"a\":,}", "{,}", "{1:2}", "{a:1}", "{'a':1}",
    "{\"a\":1 \"b\":2}", "{\"a\":1}{", "{\"a\":1}x", "1 2", "[] []", "\"", "\"a", "\"a\\", "\"\\x\"",
    "\"\\u\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\u 123\"", "\"\\u+123\"", "\"\\u0x12\"",
    "\"\\u\uff11\uff12\uff13\uff14\"", "\"\\u_123\"", "\"\\u12_3\"", "\"\\ud83d\\u\"", "\"\\ud83d\\u12\"",
    "\"\\ud83d\\uZZZZ\"", "\"\\ud83d\\x\"", "\"\\ud83d\\", "\"\\ud83d\\ude0\"", "\"\\'\"", "\"\\0\"",
    "\"\n\"", "\"\t\"", "\"\x00\"", "\"\x1f\"", "\"a\rb\"", "nul", "nulll", "null1", "tru", "True", "None",
    "fals", "nan", "Nan", "NaNN", "Infinit", "Infinityy", "-Infinit", "-NaN", "+Infinity", "-", "--1", "+1",
    "01", "-01", "00", "1.", "1.e5", ".5", "-.5", "1e", "1e+", "1E-", "1e1.5", "1.2.3", "0x10", "1_000",
    "\uff11", "1e\uff11", "1,", "1;", "//", "/**/1", "[1]//", "\ufeff1", "\ufeff{}", "\ufeff", "\xa01",
    "1\xa0", "\x0b1", "\x0c1", "1\x00", "\x001", "\u20281", "[\"a\":1]", "{\"a\",1}", "[\"\\ud800\"",
    "{\"\\ud800\":1", "[NaN", "{\"a\":NaN", "[1e", "[-", "[-]", "{\"a\":-}", "{\"a\":1,\"a\"",
    "{\"a\":[1,{\"b\":]}", "[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "undefined", "\ud800", "{\ud800}",
)  # fmt: skip

# Single characters put into right texts to damage them.
STRAY_CHARACTERS = (
    ",", ":", "\"", "[", "]", "{", "}", "\\", "-", "+", ".", "e", "0", "1", " ", "\n", "x", "'", "/", "\x00",
    "\x7f", "\xa0", "\ufeff", "é", "\u2028", "😀", "\ud800", "u", "n", "N", "I", "t", "#",
    *map(chr, range(0x20)),
)  # fmt: skip
