/*
 * SHA-256 in plain C, for targets without a static libcrypto: musl, cross builds, a
 * source build on a machine that has a compiler and nothing else.  About a sixth of the
 * speed of OpenSSL's code on a processor with SHA instructions.
 *
 * FIPS 180-4.  The message schedule lives in a ring of sixteen words.
 */
#include "digest_blocks.h"
#include "digest_constants.h"

static uint32_t rotated(uint32_t word, int bits)
{
    return word >> bits | word << (32 - bits);
}

static uint32_t read_word(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* The next word of the schedule, which takes the place of the one sixteen rounds ago. */
static uint32_t scheduled(uint32_t ring[16], int round)
{
    uint32_t early = ring[(round + 1) & 15], late = ring[(round + 14) & 15];
    uint32_t sigma0 = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3;
    uint32_t sigma1 = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10;
    return ring[round & 15] += sigma0 + ring[(round + 9) & 15] + sigma1;
}

static void compress(uint32_t state[8], const unsigned char *block)
{
    uint32_t ring[16];
    for (size_t i = 0; i < 16; i++)
        ring[i] = read_word(block + 4 * i);
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int round = 0; round < 64; round++) {
        uint32_t word = round < 16 ? ring[round] : scheduled(ring, round);
        uint32_t sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
        uint32_t first = h + sum1 + ((e & f) ^ (~e & g)) + round_constants[round] + word;
        uint32_t sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
        uint32_t second = sum0 + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + first;
        d = c, c = b, b = a, a = first + second;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

void digest_blocks(uint32_t state[8], const unsigned char *data, size_t count)
{
    for (; count != 0; count--, data += DIGEST_BLOCK)
        compress(state, data);
}
