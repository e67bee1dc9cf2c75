/* Registers the benches of each topic; false when there is no memory. */
#ifndef BENCHES_H
#define BENCHES_H

#include "payloads.h"
#include "shim.h"

bool register_json_benches(void);
bool register_protobuf_benches(void);
bool register_context_benches(void);
bool register_stage_benches(void);
bool register_tree_stage_benches(void);

#endif
