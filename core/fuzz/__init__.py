"""Coverage-guided fuzzing of the C core: libFuzzer targets, their corpora, `python -m core.fuzz`."""
