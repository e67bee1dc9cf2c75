/* SHA-256 on every processor: the vectors of FIPS 180-4, every length around the borders of a block, two at once. */
#include "cpu.h"
#include "digest.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

static const int levels[] = {CPU_PORTABLE, CPU_UNKNOWN};

static void digest(const char *data, size_t size, char hex[DRIFTCORE_HASH_SIZE])
{
    digest_sha256((struct driftcore_slice){data, size}, hex);
}

static void assert_digest(const char *data, size_t size, const char *expected)
{
    for (size_t i = 0; i < COUNT(levels); i++) {
        cpu_pretend(levels[i]);
        char hex[DRIFTCORE_HASH_SIZE];
        digest(data, size, hex);
        assert_memory_equal(hex, expected, sizeof(hex));
    }
}

static void published_vectors_hold(void **state)
{
    (void)state;
    assert_digest(NULL, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_digest("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const char *two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    assert_digest(two_blocks, strlen(two_blocks),
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void a_million_letters_hold(void **state)
{
    (void)state;
    size_t size = 1000000;
    char *letters = malloc(size);
    assert_non_null(letters);
    memset(letters, 'a', size);
    assert_digest(letters, size, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(letters);
}

/* `size` bytes 0x00, 0x81, 0x02, ... at the very end of a piece of memory, where a sanitizer sees a byte too many. */
static char *make_bytes(size_t size)
{
    char *bytes = malloc(size + 1);
    assert_non_null(bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i + 1] = (char)(unsigned char)(i % 2 == 0 ? i : i ^ 0x80);
    return bytes;
}

#define LENGTHS 200

/* The digest of the digests of the first 0, 1, ... 199 bytes; Python's hashlib gave it. */
static void every_length_up_to_three_blocks_holds(void **state)
{
    (void)state;
    char all[LENGTHS * DRIFTCORE_HASH_SIZE];
    for (size_t i = 0; i < COUNT(levels); i++) {
        for (size_t size = 0; size < LENGTHS; size++) {
            char *bytes = make_bytes(size);
            cpu_pretend(levels[i]);
            digest(bytes + 1, size, all + size * DRIFTCORE_HASH_SIZE);
            free(bytes);
        }
        assert_digest(all, sizeof(all), "1163ff578ec16dea8ed130161b903c3fc1414a6dad8f1bcf350298ddc50cfdac");
    }
}

static void two_at_once_are_one_after_the_other(void **state)
{
    (void)state;
    for (size_t first = 0; first < LENGTHS; first++)
        for (size_t second = 0; second < LENGTHS; second++) {
            char *a = make_bytes(first), *b = make_bytes(second);
            struct driftcore_slice texts[] = {{a + 1, first}, {b + 1, second}};
            char expected[2][DRIFTCORE_HASH_SIZE], hex[2][DRIFTCORE_HASH_SIZE];
            char *const hashes[] = {hex[0], hex[1]};
            cpu_pretend(CPU_PORTABLE);
            for (size_t i = 0; i < 2; i++)
                digest_sha256(texts[i], expected[i]);
            for (size_t i = 0; i < COUNT(levels); i++) {
                cpu_pretend(levels[i]);
                memset(hex, 0, sizeof(hex));
                digest_sha256_pair(texts, hashes);
                assert_memory_equal(hex, expected, sizeof(hex));
            }
            free(a);
            free(b);
        }
}

static int ask_again(void **state)
{
    (void)state;
    cpu_pretend(CPU_UNKNOWN);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_vectors_hold),
        cmocka_unit_test(a_million_letters_hold),
        cmocka_unit_test(every_length_up_to_three_blocks_holds),
        cmocka_unit_test(two_at_once_are_one_after_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, ask_again);
}
