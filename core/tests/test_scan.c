/* The skipping of plain bytes as it is done where SSE2 is not to be had: eight at a time. */
#undef __SSE2__
#include "scan.h"

#include "support.h"

static const char *plain_way(const char *at, const char *end)
{
    while (at < end && (unsigned char)*at >= 0x20 && *at != '"' && *at != '\\')
        at++;
    return at;
}

static void blocks_are_eight_bytes_here(void **state)
{
    (void)state;
    assert_int_equal(SCAN_BLOCK, 8);
}

static void each_byte_stops_or_not_at_any_place(void **state)
{
    (void)state;
    for (size_t size = 1; size < 30; size++)
        for (size_t place = 0; place < size; place++)
            for (unsigned c = 0; c < 256; c++) {
                char text[30];
                memset(text, 'x', sizeof(text));
                text[place] = (char)c;
                assert_ptr_equal(scan_plain(text, text + size), plain_way(text, text + size));
            }
}

static void the_first_of_several_stops(void **state)
{
    (void)state;
    static const unsigned char likely[] = {'x', 'y', 0x00, 0x1F, 0x20, 0x21, '"',  '#',
                                           '[', '\\', ']', 0x7F, 0x80, 0x9F, 0xA2, 0xDC, 0xFF};
    uint64_t seed = 90;
    for (size_t round = 0; round < 300000; round++) {
        char text[24];
        size_t size = chance_below(&seed, sizeof(text) + 1), rare = 1 + chance_below(&seed, 12);
        for (size_t i = 0; i < size; i++)
            text[i] = chance_below(&seed, rare) != 0 ? 'x' : (char)likely[chance_below(&seed, COUNT(likely))];
        assert_ptr_equal(scan_plain(text, text + size), plain_way(text, text + size));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_eight_bytes_here),
        cmocka_unit_test(each_byte_stops_or_not_at_any_place),
        cmocka_unit_test(the_first_of_several_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
