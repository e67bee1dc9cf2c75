/*
 * What the processor can do beyond what the compiler may take for granted.
 *
 * Code for AVX-512 is compiled into every x86-64 build, in functions of its own, and
 * taken where the processor and the system have it.  A program that emulates the
 * processor, such as valgrind, says no and gets the portable code.
 */
#ifndef DRIFTCORE_CPU_H
#define DRIFTCORE_CPU_H

#include <stdbool.h>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define CPU_HAS_AVX512_CODE 1
/* Foundation, bytes and words, and the compression of bytes: Ice Lake, Zen 4 and later. */
#define CPU_AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt")))
#else
#define CPU_HAS_AVX512_CODE 0
#endif

enum cpu_level { CPU_UNKNOWN, CPU_PORTABLE, CPU_WIDE };
extern int cpu_found;

/* Ask the processor, once. */
enum cpu_level cpu_find(void);

static inline bool cpu_is_wide(void)
{
    int found = __atomic_load_n(&cpu_found, __ATOMIC_RELAXED);
    return (found == CPU_UNKNOWN ? (int)cpu_find() : found) == CPU_WIDE;
}

/* Tests: go on as if the processor were of this level; with CPU_UNKNOWN it is asked again. */
static inline void cpu_pretend(enum cpu_level level)
{
    __atomic_store_n(&cpu_found, (int)level, __ATOMIC_RELAXED);
}

#endif
