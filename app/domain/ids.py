"""Ids: each a type of its own, so that none is taken for another.

A name that a PBX gives is unique at that PBX only. So the ids of channels, phones and trunks begin with their PBX (the
node) and a tilde: `tartu~1772442901.7`. Ids of the first node have no prefix: `1772442901.7`.
"""

from typing import Final, NewType

NodeId = NewType("NodeId", str)
"""A PBX: letters, digits and `-`."""
FIRST_NODE: Final = NodeId("pbx")
"""The node whose names have no prefix."""
_MARK: Final = "~"
CallId = NewType("CallId", str)
"""A call's id: the PBX's unique id of the channel that began it."""
ChannelId = NewType("ChannelId", str)
"""The PBX's unique id of one channel, with its node."""
OperatorId = NewType("OperatorId", int)
QueueId = NewType("QueueId", str)
"""A queue's short name, as the PBX knows it: letters, digits, `-` and `_`."""
OfferId = NewType("OfferId", int)
ContactId = NewType("ContactId", int)
CampaignId = NewType("CampaignId", int)
LeadId = NewType("LeadId", int)
AttemptId = NewType("AttemptId", str)
"""An attempt to reach a lead: the unique id its channel will have in the PBX."""
Columns = tuple[tuple[str, str], ...]
"""Names and values of a lead's own columns, in the order of its list."""


def at_node(node: NodeId, name: str) -> str:
    """A name that a PBX gave, made unique among all PBXs by its node; an empty name stays empty.

    >>> at_node(FIRST_NODE, "op12"), at_node(NodeId("tartu"), "op12"), at_node(FIRST_NODE, "a~b")
    ('op12', 'tartu~op12', 'pbx~a~b')
    """
    if not name or (node == FIRST_NODE and _MARK not in name):
        return name
    return f"{node}{_MARK}{name}"


def node_of(id_: str) -> NodeId:
    """The node of a channel, call, attempt, phone or trunk.

    >>> node_of("op12"), node_of("tartu~op12")
    ('pbx', 'tartu')
    """
    return NodeId(id_.partition(_MARK)[0]) if _MARK in id_ else FIRST_NODE


def name_of(id_: str) -> str:
    """The name that the PBX itself uses: the id without its node.

    >>> name_of("op12"), name_of("tartu~op12"), name_of("pbx~a~b")
    ('op12', 'op12', 'a~b')
    """
    return id_.partition(_MARK)[2] if _MARK in id_ else id_


def channel_of(call: str) -> ChannelId:
    """The channel that began a call. The id of an outside call adds a colon and a number: a channel may make several.

    >>> channel_of("pbx-1772442901.7:2")
    'pbx-1772442901.7'
    """
    return ChannelId(call.partition(":")[0])
