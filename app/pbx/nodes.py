"""Every PBX of the floor, each with a link of its own: a command goes to the one that it names.

What one tells names it, too (`app.domain.ids`): so the loss of one touches its own calls alone.
"""

import asyncio
from collections.abc import Iterable

from app.floor.commands import PbxCommand, PlaceCall, node_of_command
from app.pbx.node import Pbx


class Nodes:
    """Give `run` to a task group.

    Args:
        nodes: each under a name of its own.
    """

    def __init__(self, nodes: Iterable[Pbx]) -> None:
        self._nodes = {one.node: one for one in nodes}

    async def run(self) -> None:
        """Keep all links up until cancelled."""
        async with asyncio.TaskGroup() as group:
            for node in self._nodes.values():
                group.create_task(node.run())

    async def hand_over(self) -> None:
        """Tell each PBX that the service goes."""
        await asyncio.gather(*(node.hand_over() for node in self._nodes.values()))

    def execute(self, command: PbxCommand) -> None:
        """Send a command now; how it went comes back as an event.

        Raises:
            KeyError: there is no such PBX.
        """
        self._nodes[node_of_command(command)].execute(command)

    def place(self, asked: PlaceCall, number: str) -> bool:
        """Dial a customer, once; see `Pbx.place`.

        Raises:
            KeyError: there is no such PBX.
            ValueError: the number, or another value, cannot be sent.
        """
        return self._nodes[node_of_command(asked)].place(asked, number)
