"""A channel as Asterisk lists it: a caller on hold."""


def listed(number: int) -> str:
    """The lines that CoreShowChannels has of one, each with a number of its own."""
    return "\n".join(
        [
            "Event: CoreShowChannel",
            "ActionID: ",
            f"Channel: PJSIP/trunk-{number:08x}",
            "ChannelStateDesc: Up",
            f"CallerIDNum: 3725550{number:04}",
            "CallerIDName: <unknown>",
            "ConnectedLineNum: <unknown>",
            "ConnectedLineName: <unknown>",
            "Language: en",
            "Context: keskus-hold",
            "Exten: s",
            "Priority: 7",
            f"Uniqueid: keskus-1800000000.{number}",
            f"Linkedid: keskus-1800000000.{number}",
            "ChanVariable: KESKUS_QUEUE=tugi",
            "ChanVariable: KESKUS_DID=3726000500",
            "ChanVariable: KESKUS_SINCE=1799999990",
            "Application: Wait",
            "ApplicationData: 2",
            "Duration: 00:00:10",
            "BridgeId: ",
        ]
    )
