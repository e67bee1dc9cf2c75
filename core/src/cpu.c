#include "cpu.h"

int cpu_found = CPU_UNKNOWN;

enum cpu_level cpu_find(void)
{
    enum cpu_level level = CPU_PORTABLE;
#if CPU_HAS_AVX512_CODE
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2")
        && __builtin_cpu_supports("popcnt"))
        level = CPU_WIDE;
#endif
    cpu_pretend(level);
    return level;
}
