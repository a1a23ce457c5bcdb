"""Which worker of `make test` runs which tests.

Tests of calls wait: for a PBX, for telephones, for a browser. Tests of the core compute. So some workers run those that
wait, more of them than there are processors. The others compute, and let those go first: they run with less priority.
What waits is then as little disturbed as on an idle machine, and no processor idles. Tests that load the whole service
and hold it to promises of time, such as `tests/faults`, run one at a time and go before all others.
"""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

from tests.order import file_of, is_apart, is_loud, is_waiting

YIELDING: Final = {True: 2, False: 4}
"""How much less priority those who wait, and those who compute, have than the first worker, which has what is loud.

Beside one process of the first worker's that is always busy, those who compute have some three tenths of its processor.
"""


def computing(workers: int) -> int:
    """How many of so many workers compute: as many as there are processors, where three times as many workers run."""
    return max(1, workers // 3)


@contextmanager
def in_turn(*, waits: bool) -> Iterator[None]:
    """Collect tests while no other worker of this kind does: what the first one compiles, the others read."""
    with Path(__file__).with_name("workers.py" if waits else "order.py").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Shares(LoadFileScheduling):
    """Gives each worker files that suit it, in the order of `tests/order.py`; of some files, a test at a time.

    The first worker begins with what is loud. Those who wait know only their own tests, so that they begin while the
    others still collect. Those who have computed all help to wait.
    """

    @property
    def collection_is_completed(self) -> bool:
        """Whether any worker may begin."""
        return bool(self.registered_collections)

    @property
    def tests_finished(self) -> bool:
        """Whether nothing is left to give to anyone, nor will be."""
        return len(self.registered_collections) >= self.numnodes and super().tests_finished

    def add_node_collection(self, node: WorkerController, collection: Sequence[str]) -> None:
        """Put the tests of a worker that nobody knew of before into the queue."""
        self.registered_collections[node] = list(collection)
        before = dict.fromkeys(self.collection or ())
        new = [test for test in collection if test not in before]
        self.collection = [*before, *new]
        for test in new:
            self.workqueue.setdefault(self._split_scope(test), {})[test] = False

    def schedule(self) -> None:
        """Look for work for whoever has none."""
        for node in self.nodes * 2:
            self._reschedule(node)

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if is_apart(file_of(nodeid)) else file_of(nodeid)

    def _reschedule(self, node: WorkerController) -> None:
        """Give a worker its next file when it runs its last test but one: before that it need not know more."""
        collects = node not in self.registered_collections
        if collects or node.shutting_down or self._pending_of(self.assigned_work[node]) > 1:
            return
        fits = self._next_for(node)
        if fits is None:
            node.shutdown()
        else:
            self.workqueue.move_to_end(fits, last=False)
            self._assign_work_unit(node)

    def _next_for(self, node: WorkerController) -> str | None:
        waiting = [scope for scope in self.workqueue if is_waiting(scope)]
        if not node.workerinput["waits"]:
            return next(
                (scope for scope in self.workqueue if scope not in waiting), next(iter(waiting), None)
            )
        loud = [scope for scope in waiting if is_loud(scope)]
        if loud and node.gateway.id == "gw0":
            return loud[0]
        return next((scope for scope in waiting if scope not in loud), None)
