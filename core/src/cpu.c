#include "cpu.h"

#if CPU_HAS_X86_CODE
#include <cpuid.h>
#endif

int cpu_found = CPU_UNKNOWN;

#if CPU_HAS_X86_CODE
/* Not every compiler in use knows "sha" as a name of __builtin_cpu_supports(). */
static bool has_sha(void)
{
    unsigned a, b, c, d;
    return __builtin_cpu_supports("sse4.1") && __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA) != 0;
}
#endif

int cpu_find(void)
{
    int found = CPU_PORTABLE;
#if CPU_HAS_X86_CODE
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2")
        && __builtin_cpu_supports("popcnt"))
        found |= CPU_WIDE;
    if (has_sha())
        found |= CPU_SHA;
#endif
    cpu_pretend(found);
    return found;
}
