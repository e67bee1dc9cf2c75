/*
 * Writer round trip: bytes become a value whose normal form is known because it is
 * written here, and the core's normal form of a loosely written twin must be the same.
 */
#include "fuzz.h"

#include <stdio.h>

enum { MOST_TEXT = 1 << 14, MOST_DEPTH = 12, MOST_MEMBERS = 40 };

struct writing {
    char text[MOST_TEXT];
    size_t size;
};

/* The normal form and a text of the same meaning with spaces and escapes. */
static struct writing normal, loose;

static void put(struct writing *writing, const char *text)
{
    size_t size = strlen(text);
    if (size < MOST_TEXT - writing->size) {
        memcpy(writing->text + writing->size, text, size);
        writing->size += size;
    }
}

static void put_both(const char *text)
{
    put(&normal, text);
    put(&loose, text);
}

static void put_space(struct input *input)
{
    static const char *const spaces[] = {"", " ", "\n", "\t\r "};
    put(&loose, spaces[input_byte(input) & 3]);
}

/* One character: as JSON writes it, and as another writer may. */
static void put_character(struct input *input)
{
    static const struct {
        const char *normal, *loose;
    } characters[] = {
        {"a", "a"},          {"b", "\\u0062"},         {"\\n", "\\u000a"},         {"\\\"", "\\u0022"},
        {"\\\\", "\\u005C"}, {"/", "\\/"},             {"\xc3\xa9", "\\u00e9"},    {"\xe2\x82\xac", "\\u20AC"},
        {"\\u0000", "\\u0000"},  {"\\u001f", "\\u001F"},   {"\\b", "\\b"},             {"\\f", "\\u000C"},
        {"\x7f", "\\u007f"}, {"\xed\x9f\xbf", "\\ud7ff"}, {"\xf0\x9f\x98\x80", "\\ud83d\\uDE00"}, {"\\t", "\\t"},
    };
    unsigned choice = input_byte(input) & 15;
    put(&normal, characters[choice].normal);
    put(&loose, characters[choice].loose);
}

/* `number` sets keys apart; a repeated one would need its own rule here. */
static void put_string(struct input *input, int number)
{
    put_both("\"");
    if (number >= 0) {
        char digits[12];
        snprintf(digits, sizeof(digits), "%d", number);
        put_both(digits);
    }
    for (unsigned left = input_byte(input) & 31; left > 0; left--)
        put_character(input);
    put_both("\"");
}

static void put_number(struct input *input)
{
    static const struct {
        const char *normal, *loose;
    } numbers[] = {
        {"0", "-0"},       {"-0.0", "-0.00e5"},    {"1.0", "10E-1"},      {"1e+16", "10000000000000000.0"},
        {"1e-05", "0.00001"}, {"0.0001", "1e-4"},  {"Infinity", "1e400"}, {"-Infinity", "-1E999"},
        {"NaN", "NaN"},    {"5e-324", "4.9e-324"}, {"0.1", "0.1000"},     {"1.7976931348623157e+308", "179769313486231570e291"},
    };
    uint8_t choice = input_byte(input);
    char digits[32];
    if (choice < 64) {
        unsigned row = choice % (sizeof(numbers) / sizeof(*numbers));
        put(&normal, numbers[row].normal);
        put(&loose, numbers[row].loose);
    } else if (choice < 128) {
        snprintf(digits, sizeof(digits), "%lld", (long long)input_integer(input, 8));
        put_both(digits);
    } else {
        /* Up to nine digits on either side, none to spare: their own repr(). */
        unsigned whole = (unsigned)(input_integer(input, 4) % 100000), part = 1 + input_byte(input) % 9;
        snprintf(digits, sizeof(digits), "%s%u.%u", choice & 1 ? "-" : "", whole, part);
        put_both(digits);
        put(&loose, choice & 2 ? "00" : "e0");
    }
}

static void put_value(struct input *input, unsigned depth)
{
    uint8_t choice = depth == MOST_DEPTH ? input_byte(input) % 6 : input_byte(input) % 10;
    unsigned members = choice < 6 ? 0 : input_byte(input) % MOST_MEMBERS;
    put_space(input);
    if (choice == 0)
        put_both("null");
    else if (choice == 1)
        put_both("true");
    else if (choice == 2)
        put_both("false");
    else if (choice < 5)
        put_number(input);
    else if (choice == 5)
        put_string(input, -1);
    else if (choice < 8) {
        put_both("[");
        for (unsigned i = 0; i < members && input->at < input->end; i++) {
            put_both(i == 0 ? "" : ",");
            put_value(input, depth + 1);
        }
        put_both("]");
    } else {
        put_both("{");
        for (unsigned i = 0; i < members && input->at < input->end; i++) {
            put_both(i == 0 ? "" : ",");
            put_space(input);
            put_string(input, (int)i * 7 % 41);
            put_space(input);
            put_both(":");
            put_value(input, depth + 1);
        }
        put_both("}");
    }
    put_space(input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = fuzz_input(data, size);
    normal.size = loose.size = 0;
    put_value(&input, 0);
    if (normal.size > MOST_TEXT - 64 || loose.size > MOST_TEXT - 64)
        return 0; /* something did not fit */
    struct driftcore_slice expected = {normal.text, normal.size}, actual;
    struct driftcore_slice json = fuzz_copy((struct driftcore_slice){loose.text, loose.size});
    char hash[DRIFTCORE_HASH_SIZE], hash_again[DRIFTCORE_HASH_SIZE];
    REQUIRE(driftcore_normalize_and_hash(fuzz_context(), json, &actual, hash) == DRIFTCORE_OK);
    REQUIRE(fuzz_equal(actual, expected));
    REQUIRE(driftcore_deterministic_hash(fuzz_other_context(), expected, hash_again) == DRIFTCORE_OK);
    REQUIRE(memcmp(hash, hash_again, sizeof(hash)) == 0);
    fuzz_release();
    return 0;
}
