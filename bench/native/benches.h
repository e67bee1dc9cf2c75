/* Registers the benches of each topic; false when there is no memory. */
#ifndef BENCHES_H
#define BENCHES_H

#include "payloads.h"
#include "shim.h"

bool register_json_benches(const struct payload *payloads, size_t count);
bool register_protobuf_benches(const struct payload *payloads, size_t count);
bool register_context_benches(const struct payload *payloads, size_t count);
bool register_stage_benches(void);

#endif
