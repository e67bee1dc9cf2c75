/* 128-bit products, which C11 does not have but gcc and clang do on every 64-bit target. */
#ifndef DRIFTCORE_WIDE_H
#define DRIFTCORE_WIDE_H

#include "powers.h"

__extension__ typedef unsigned __int128 uint128;

/* The upper 128 bits of 10^k, rounded down. */
static inline uint128 power10_floor(int64_t k)
{
    return (uint128)powers[k - POWERS_FIRST].high << 64 | powers[k - POWERS_FIRST].low;
}

static inline uint64_t high_half(uint128 number)
{
    return (uint64_t)(number >> 64);
}

#endif
