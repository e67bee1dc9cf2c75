/* SHA-256: the vectors of FIPS 180-4, and every length around the borders of a block. */
#include "digest.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

static void assert_digest(const char *data, size_t size, const char *expected)
{
    char hex[DRIFTCORE_HASH_SIZE];
    digest_sha256(data, size, hex);
    assert_memory_equal(hex, expected, sizeof(hex));
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

/* The digest of the digests of the first 0, 1, ... 199 bytes 0x00, 0x81, 0x02, ...; Python's hashlib gave it. */
static void every_length_up_to_three_blocks_holds(void **state)
{
    (void)state;
    char bytes[200], all[200 * DRIFTCORE_HASH_SIZE];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)(unsigned char)(i % 2 == 0 ? i : i ^ 0x80);
    for (size_t size = 0; size < sizeof(bytes); size++)
        digest_sha256(bytes, size, all + size * DRIFTCORE_HASH_SIZE);
    assert_digest(all, sizeof(all), "1163ff578ec16dea8ed130161b903c3fc1414a6dad8f1bcf350298ddc50cfdac");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_vectors_hold),
        cmocka_unit_test(a_million_letters_hold),
        cmocka_unit_test(every_length_up_to_three_blocks_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
