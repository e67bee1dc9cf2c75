/*
 * What the processor can do beyond what the compiler may take for granted.
 *
 * Code for AVX-512 and for the SHA instructions is compiled into every x86-64 build, in
 * functions of its own, and taken where the processor and the system have it.  A program
 * that emulates the processor, such as valgrind, says no and gets the portable code.
 */
#ifndef DRIFTCORE_CPU_H
#define DRIFTCORE_CPU_H

#include <stdbool.h>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define CPU_HAS_X86_CODE 1
/* Foundation, bytes and words, and the compression of bytes: Ice Lake, Zen 4 and later. */
#define CPU_AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt")))
/* SHA-256 by instruction, and shuffles of bytes: Ice Lake, Zen and later. */
#define CPU_SHA_CODE __attribute__((target("sha,sse4.1")))
#else
#define CPU_HAS_X86_CODE 0
#endif

/* Bits; CPU_PORTABLE alone is a processor without any of the others. */
enum cpu_features { CPU_UNKNOWN = 0, CPU_PORTABLE = 1, CPU_WIDE = 2, CPU_SHA = 4 };
extern int cpu_found;

/* Ask the processor, once. */
int cpu_find(void);

static inline bool cpu_has(enum cpu_features feature)
{
    int found = __atomic_load_n(&cpu_found, __ATOMIC_RELAXED);
    return ((found == CPU_UNKNOWN ? cpu_find() : found) & (int)feature) != 0;
}

static inline bool cpu_is_wide(void)
{
    return cpu_has(CPU_WIDE);
}

/* Tests: go on as if the processor had these features; with CPU_UNKNOWN it is asked again. */
static inline void cpu_pretend(int features)
{
    __atomic_store_n(&cpu_found, features, __ATOMIC_RELAXED);
}

#endif
