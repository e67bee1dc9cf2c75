#include "work.h"

#include <stddef.h>
#include <string.h>

/* Nobody counts in two threads. */
uint64_t work_steps;

/* The compiler calls this at the start of every basic block. */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    work_steps++;
}

/* The linker's --wrap sends the counted code's calls here, and __real_ to the C library. */
#define COUNTED(result, name, parameters, arguments)                                                             \
    result __real_##name parameters;                                                                             \
    result __wrap_##name parameters;                                                                             \
    result __wrap_##name parameters                                                                              \
    {                                                                                                            \
        work_steps += size / 16;                                                                                 \
        return __real_##name arguments;                                                                          \
    }

COUNTED(void *, memcpy, (void *to, const void *from, size_t size), (to, from, size))
COUNTED(void *, memmove, (void *to, const void *from, size_t size), (to, from, size))
COUNTED(void *, memset, (void *to, int byte, size_t size), (to, byte, size))
COUNTED(int, memcmp, (const void *a, const void *b, size_t size), (a, b, size))
COUNTED(void *, memchr, (const void *from, int byte, size_t size), (from, byte, size))
