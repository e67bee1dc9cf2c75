"""Eight threads make the bridge's first native call at once, and then many more.

Run by itself, so that the import is the process's first; the exit status is 0 where every
call was answered natively.
"""

from __future__ import annotations

import sys
import threading

from driftcore import bridge

THREADS, CALLS = 8, 200


def main() -> int:
    together = threading.Barrier(THREADS)

    def work() -> None:
        together.wait()
        for number in range(CALLS):
            bridge.deterministic_hash_jsonable({"a": number})
            bridge.process_export_payload_jsonable({"rows": [{"id": number}]})

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted = bridge.counters().native
    print(counted)
    return 0 if sum(counted.values()) == 2 * THREADS * CALLS else 1


if __name__ == "__main__":
    sys.exit(main())
