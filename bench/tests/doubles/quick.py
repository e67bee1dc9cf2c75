from bench.tests.doubles import answering

normalize_json = answering("quick", 10_000)
deterministic_hash = answering("quick", 10_000)
build_export_spans_request_bytes_pyobject = answering("quick", 10_000)
