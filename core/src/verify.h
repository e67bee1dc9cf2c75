/*
 * Is this a well-formed message?  One walk over wire bytes, which needs no memory but for
 * the messages that it is inside of.
 */
#ifndef DRIFTCORE_VERIFY_H
#define DRIFTCORE_VERIFY_H

#include "memory.h"

/* The messages that come from outside. */
enum verify_message { VERIFY_STRUCT, VERIFY_SPAN };

/* OK, NO_MEMORY, or a punt with `*reason` MALFORMED or DEPTH.  `open` holds the messages that are open. */
enum driftcore_status verify(enum verify_message message, struct driftcore_slice bytes, struct buffer *open,
                             enum driftcore_punt *reason);

#endif
