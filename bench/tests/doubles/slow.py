from bench.tests.doubles import answering

normalize_json = answering("slow", 40_000)
deterministic_hash = answering("slow", 40_000)
build_export_spans_request_bytes_pyobject = answering("slow", 40_000)
