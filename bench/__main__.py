"""`python -m bench [names]`: runs benches one after the other; exit status 1 if one fails. `make bench` runs all."""

import sys
import traceback
from importlib import import_module
from importlib.util import find_spec
from itertools import takewhile

NAMES = (
    "ami",
    "wire",
    "routing",
    "floor",
    "snapshot",
    "journal",
    "leads",
    "audit",
    "search",
    "articles",
    "duplicates",
    "merging",
    "contact_files",
    "originates",
    "finder",
    "restart",
    "pacing",
    "blending",
    "deadlines",
    "shares",
    "orders",
    "surveys",
    "desktop",
    "pop",
)


def main(asked: list[str]) -> int:
    """Run these benches, or all; give the exit status.

    A figure that misses its aim is red but no failure, because it also depends on how busy the machine is.
    """
    asked = list(takewhile(lambda name: not name.startswith("-"), asked))  # options are the benches' own
    there = [name for name in NAMES if find_spec(f"bench.{name}")]
    unknown = [name for name in asked if name not in there]
    if unknown:
        sys.stderr.write(f"no such bench: {', '.join(unknown)}; there are {', '.join(there)}\n")
        return 1
    failed: list[str] = []
    for name in asked or there:
        try:
            import_module(f"bench.{name}").main()
        except Exception:  # noqa: BLE001 - the other figures are still wanted
            traceback.print_exc()
            failed.append(name)
    if failed:
        sys.stderr.write(f"failed: {', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
