/*
 * Is this a well-formed message?  One walk over wire bytes that allocates nothing
 * and writes nothing.
 */
#ifndef DRIFTCORE_VERIFY_H
#define DRIFTCORE_VERIFY_H

#include "driftcore.h"

/* The messages that come from outside. */
enum verify_message { VERIFY_STRUCT, VERIFY_SPAN };

/* DRIFTCORE_PUNT_NONE, MALFORMED or DEPTH. */
enum driftcore_punt verify(enum verify_message message, struct driftcore_slice bytes);

#endif
