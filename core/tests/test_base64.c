/* Base64 as lenient as Python's base64.b64decode(); what is right was taken from there. */
#include "support.h"

#include "base64.h"

#include <stdlib.h>

static enum driftcore_padding padding = DRIFTCORE_PADDING_ENDS;

/* Decode in a place of exactly the promised size, so that a sanitizer sees a byte too many. */
static bool decode(struct driftcore_slice text, struct text *out)
{
    char *place = malloc(base64_decoded_size(text.size));
    size_t size = 0;
    assert_non_null(place);
    bool decoded = base64_decode(text.data, text.size, padding, place, &size) == BASE64_DECODED;
    if (decoded) {
        assert_true(size <= base64_decoded_size(text.size));
        text_add(out, place, size);
    }
    free(place);
    return decoded;
}

static void assert_decodes(const char *text, struct driftcore_slice expected)
{
    struct text out = {0};
    assert_true(decode(slice_of(text), &out));
    assert_slices_equal(text_slice(&out), expected);
    free(out.data);
}

static void assert_refused(const char *text)
{
    struct text out = {0};
    if (decode(slice_of(text), &out))
        fail_msg("%s was decoded", text);
}

static void whole_groups_and_padding(void **state)
{
    (void)state;
    assert_decodes("", SLICE(""));
    assert_decodes("YWJj", SLICE("abc"));
    assert_decodes("YWI=", SLICE("ab"));
    assert_decodes("YQ==", SLICE("a"));
    assert_decodes("AAAA", SLICE("\0\0\0"));
    assert_decodes("/+/+", SLICE("\xff\xef\xfe"));
    assert_decodes("AZaz09+/", SLICE("\x01\x96\xb3\xd3\xdf\xbf"));
}

static void foreign_bytes_are_skipped(void **state)
{
    (void)state;
    assert_decodes("Y W\nJ\tj", SLICE("abc"));
    assert_decodes("!!!", SLICE(""));
    assert_decodes("-_-_", SLICE(""));
    assert_decodes("Y\xc3\xa9Q=\x7f=", SLICE("a"));
    assert_decodes("\xff\x80YWJj\x01", SLICE("abc"));
}

static void padding_that_completes_a_group_ends_the_text(void **state)
{
    (void)state;
    assert_decodes("YQ==YWJj", SLICE("a"));
    assert_decodes("YQ==!", SLICE("a"));
    assert_decodes("YWI=YWI=", SLICE("ab"));
    assert_decodes("YQ==Y", SLICE("a"));
    assert_decodes("YQ===", SLICE("a"));
}

/* What CPython 3.13.13, 3.14.4 and 3.15 give. */
static void newer_pythons_skip_any_padding(void **state)
{
    (void)state;
    padding = DRIFTCORE_PADDING_SKIPPED;
    assert_decodes("YQ==", SLICE("a"));
    assert_decodes("YQ===", SLICE("a"));
    assert_decodes("YQ==!", SLICE("a"));
    assert_decodes("Zg==Zg==", SLICE("f\x06\x60"));
    assert_decodes("Zm9vYg==Zg==", SLICE("foob\x06\x60"));
    assert_decodes("Zm9v=Zg==", SLICE("foof"));
    assert_decodes("Y=W=J=j", SLICE("abc"));
    assert_decodes("BA==c=", SLICE("\x04\x07"));
    assert_refused("YQ==YWJj");
    assert_refused("YQ==Y");
    assert_refused("YWI=YWI=");
    assert_refused("BA==c");
    assert_refused("YWI=YQ==");
    assert_refused("Y==");
    padding = DRIFTCORE_PADDING_ENDS;
}

static void only_characters_behind_a_completed_padding_are_unsure(void **state)
{
    static const struct {
        const char *text;
        enum base64_outcome outcome;
    } rows[] = {
        {"YQ==", BASE64_DECODED},   {"YQ===", BASE64_DECODED}, {"YQ==!\n", BASE64_DECODED}, {"Y=Q=", BASE64_REFUSED},
        {"=YWJj", BASE64_DECODED},  {"YQ=ab", BASE64_DECODED}, {"YWJj=YWJj", BASE64_DECODED}, {"Y", BASE64_REFUSED},
        {"YQ==Y", BASE64_UNSURE},   {"YQ=a=b", BASE64_UNSURE}, {"YQ==YWJj", BASE64_UNSURE}, {"Y=W=J=j", BASE64_UNSURE},
        {"YWI=YWI=", BASE64_UNSURE}, {"BA==!c", BASE64_UNSURE},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[64];
        size_t size;
        struct driftcore_slice text = slice_of(rows[i].text);
        assert_int_equal(base64_decode(text.data, text.size, DRIFTCORE_PADDING_UNSURE, out, &size), rows[i].outcome);
    }
}

static void padding_elsewhere_is_skipped(void **state)
{
    (void)state;
    assert_decodes("=", SLICE(""));
    assert_decodes("====", SLICE(""));
    assert_decodes("=YQ==", SLICE("a"));
    assert_decodes("Y=Q==", SLICE("a"));
    assert_decodes("YWJj====", SLICE("abc"));
    assert_decodes("YQ=a=b", SLICE("a\x06"));
}

static void an_incomplete_group_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"Y",      "YQ",      "YWI", "YQ=",  "YWJjZ",
                                        "YWJjZA", "YWJjZA=", "Y=",  "Y===", "Y=Q=", "YQ=bcYQ="};
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_refused(texts[i]);
}

/* ---- against an encoder written here ------------------------------------- */

static void encode(const char *bytes, size_t size, struct text *out)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < size; i += 3) {
        uint32_t group = 0;
        for (size_t j = 0; j < 3; j++)
            group = group << 8 | (i + j < size ? (unsigned char)bytes[i + j] : 0);
        for (size_t j = 0; j < 4; j++)
            text_add(out, i + j > size ? "=" : &alphabet[group >> (18 - 6 * j) & 63], 1);
    }
}

static void what_was_encoded_is_decoded(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (size_t size = 0; size < 400; size++) {
        char bytes[400];
        for (size_t i = 0; i < size; i++)
            bytes[i] = (char)chance(&seed);
        struct text encoded = {0}, out = {0};
        encode(bytes, size, &encoded);
        assert_int_equal(encoded.size, (size + 2) / 3 * 4);
        assert_true(decode(text_slice(&encoded), &out));
        assert_slices_equal(text_slice(&out), (struct driftcore_slice){bytes, size});
        free(encoded.data);
        free(out.data);
    }
}

static void any_bytes_stay_within_the_promised_size(void **state)
{
    (void)state;
    static const char likely[] = "AQYz09+/== \n\x80";
    uint64_t seed = 2;
    size_t decoded = 0;
    for (size_t round = 0; round < 200000; round++) {
        char bytes[24];
        size_t size = chance_below(&seed, sizeof(bytes));
        for (size_t i = 0; i < size; i++)
            bytes[i] = likely[chance_below(&seed, sizeof(likely) - 1)];
        struct text out = {0};
        decoded += decode((struct driftcore_slice){bytes, size}, &out);
        free(out.data);
    }
    assert_in_range(decoded, 20000, 180000); /* both outcomes were met */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_groups_and_padding),
        cmocka_unit_test(foreign_bytes_are_skipped),
        cmocka_unit_test(padding_that_completes_a_group_ends_the_text),
        cmocka_unit_test(newer_pythons_skip_any_padding),
        cmocka_unit_test(only_characters_behind_a_completed_padding_are_unsure),
        cmocka_unit_test(padding_elsewhere_is_skipped),
        cmocka_unit_test(an_incomplete_group_is_refused),
        cmocka_unit_test(what_was_encoded_is_decoded),
        cmocka_unit_test(any_bytes_stay_within_the_promised_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
