"""Runs in Cloud Custodian's environment: TICKETS.json FILTERS.json RUNS -> seconds a run, and the ids each finds.

The filters are built by Custodian's own registry and asked as its policies ask them, list in, list out. Without a
resource manager they are at their quickest: with one, `or` and `not` build maps of all resources first.
"""

import json
import sys
import time
from importlib import metadata
from pathlib import Path

from c7n.filters import FilterRegistry  # type: ignore[import-not-found] # installed where this runs
from c7n.filters.core import And, Not, Or, ValueFilter  # type: ignore[import-not-found] # the same


def main() -> None:
    resources = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    ValueFilter.annotate = False  # marking each resource with what matched is a policy's affair, and takes time
    registry = FilterRegistry("tickets")
    for name, kind in (("value", ValueFilter), ("and", And), ("or", Or), ("not", Not)):
        registry.register(name, kind)
    filters = [registry.factory(each) for each in json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))]
    seconds = []
    for _ in range(int(sys.argv[3])):
        began = time.process_time()
        found = [each.process(resources) for each in filters]
        seconds.append(time.process_time() - began)
    ids = [[resource["id"] for resource in matching] for matching in found]
    print(json.dumps({"version": metadata.version("c7n"), "seconds": seconds, "ids": ids}))


if __name__ == "__main__":
    main()
