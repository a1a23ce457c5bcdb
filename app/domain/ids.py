"""Ids: each a type of its own, so that none is taken for another."""

from typing import NewType

CallId = NewType("CallId", str)
"""A call's id: the PBX's unique id of the channel that began it."""
ChannelId = NewType("ChannelId", str)
"""The PBX's unique id of one channel."""
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


def channel_of(call: str) -> ChannelId:
    """The channel that began a call. An operator's call outside is numbered behind a colon: a channel may make several.

    >>> channel_of("pbx-1772442901.7:2")
    'pbx-1772442901.7'
    """
    return ChannelId(call.partition(":")[0])
