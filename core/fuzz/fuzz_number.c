/*
 * Floats: a JSON number reads as the C library reads it, and a double's text is the
 * shortest that reads back, and the nearest to it of that length.
 */
#include "fuzz.h"

#include "number.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_TEXT = 2000 };

/* A number by JSON's grammar out of any bytes: digits stay, others steer. */
static size_t number_of(struct input *input, char *text)
{
    size_t size = 0;
    uint8_t shape = input_byte(input);
    if (shape & 1)
        text[size++] = '-';
    size_t whole = shape >> 4 & 7 ? input_byte(input) % 40 : 1;
    uint8_t first = input_byte(input);
    if (first % 10 == 0 || whole == 0) {
        text[size++] = '0';
    } else {
        text[size++] = (char)('0' + first % 10);
        for (size_t i = 1; i < whole; i++)
            text[size++] = (char)('0' + input_byte(input) % 10);
    }
    if (shape & 2 || !(shape & 4)) {
        text[size++] = '.';
        size_t fraction = 1 + input_byte(input) * (shape & 8 ? 5u : 1u) % 900;
        for (size_t i = 0; i < fraction; i++)
            text[size++] = (char)('0' + input_byte(input) % 10);
    }
    if (shape & 4) {
        uint8_t sign = input_byte(input);
        text[size++] = sign & 1 ? 'e' : 'E';
        if (sign & 2)
            text[size++] = sign & 4 ? '-' : '+';
        size += (size_t)snprintf(text + size, 8, "%u", (unsigned)input_integer(input, 2) % 1200);
    }
    text[size] = '\0';
    return size;
}

static void check_reading(struct input *input)
{
    static char text[MOST_TEXT];
    size_t size = number_of(input, text);
    struct driftcore_slice json = fuzz_copy((struct driftcore_slice){text, size}), actual;
    double expected = strtod(text, NULL);
    REQUIRE(driftcore_normalize_json(fuzz_context(), json, &actual) == DRIFTCORE_OK);
    char again[64];
    if (isinf(expected)) {
        REQUIRE(actual.size >= 8 && memcmp(actual.data + actual.size - 8, "Infinity", 8) == 0);
        return;
    }
    REQUIRE(actual.size < sizeof(again));
    memcpy(again, actual.data, actual.size);
    again[actual.size] = '\0';
    double read_back = strtod(again, NULL);
    REQUIRE(memcmp(&read_back, &expected, sizeof(expected)) == 0);
    char shortest[NUMBER_TEXT_SIZE];
    REQUIRE(fuzz_equal(actual, (struct driftcore_slice){shortest, number_write(expected, shortest)}));
}

/* The digits that count, without sign, point, exponent and zeros at either end. */
static size_t digits_of(const char *text, size_t size, char *digits)
{
    size_t count = 0;
    for (size_t i = 0; i < size && text[i] != 'e'; i++)
        if (isdigit((unsigned char)text[i]) && (count > 0 || text[i] != '0'))
            digits[count++] = text[i];
    while (count > 0 && digits[count - 1] == '0')
        count--;
    return count;
}

static void check_writing(double number)
{
    char text[NUMBER_TEXT_SIZE + 1], digits[NUMBER_TEXT_SIZE], nearest[40], nearest_digits[40];
    size_t size = number_write(number, text);
    REQUIRE(size <= NUMBER_TEXT_SIZE);
    text[size] = '\0';
    double read_back = strtod(text, NULL);
    REQUIRE(memcmp(&read_back, &number, sizeof(number)) == 0);
    size_t count = digits_of(text, size, digits);
    for (int precision = 0; precision < 17; precision++) {
        int length = snprintf(nearest, sizeof(nearest), "%.*e", precision, number);
        if (strtod(nearest, NULL) != number)
            continue;
        size_t expected = digits_of(nearest, (size_t)length, nearest_digits);
        REQUIRE(count <= expected);
        /* A text that rounds otherwise and still reads back may be shorter than the nearest one. */
        REQUIRE(count < expected || memcmp(digits, nearest_digits, count) == 0);
        return;
    }
    REQUIRE(number == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = fuzz_input(data, size);
    uint64_t bits = input_integer(&input, 8);
    double number;
    memcpy(&number, &bits, sizeof(number));
    if (isfinite(number))
        check_writing(number);
    check_reading(&input);
    fuzz_release();
    return 0;
}
