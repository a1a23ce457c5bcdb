"""All PBXs of the floor, each with a link of its own. A command goes to the PBX that its ids name.

The ids in a PBX's events name that PBX (`app.domain.ids`), so the loss of one PBX affects its own calls only.
"""

import asyncio
from collections.abc import Iterable

from app.floor.commands import PbxCommand, PlaceCall, node_of_command
from app.pbx.node import Pbx


class Nodes:
    """The links to all PBXs. Give `run` to a task group.

    Args:
        nodes: the PBXs; no two have the same `node`.
    """

    def __init__(self, nodes: Iterable[Pbx]) -> None:
        self._nodes = {one.node: one for one in nodes}

    async def run(self) -> None:
        """Keep all links up until cancelled."""
        async with asyncio.TaskGroup() as group:
            for node in self._nodes.values():
                group.create_task(node.run())

    async def hand_over(self) -> None:
        """Tell each PBX that the service stops."""
        await asyncio.gather(*(node.hand_over() for node in self._nodes.values()))

    def execute(self, command: PbxCommand) -> None:
        """Send a command now; a refusal or an unknown outcome comes back as an event.

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
