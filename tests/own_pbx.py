"""What an administrator has on a PBX of their own besides our configuration; the tests' sandbox has it too."""

from typing import Final

FOLLOW_ME: Final = "300"
"""Rings operator 2 through a Local channel that is optimised away once they talk."""
FOLLOW_ME_KEPT: Final = "301"
"""The same, and the Local channel stays."""
OTHER_DOOR: Final = "302"
"""A number from outside that leads to the queue through a Local channel."""
WITH_CODES: Final = "303"
"""Operator 2, whose phone may transfer by DTMF codes; AMI's Atxfer needs that."""
CONSOLE: Final = "console"
"""Where Atxfer dials operator 3: it takes the first digits that any pattern fits, so there must be none."""
BRIEF_PARK: Final = "750"
"""Parks on 751, for BRIEF_S."""
BRIEF_S: Final = 3

OWN_FILES: Final = {
    "extensions.conf": f"""
[keskus-internal](+)
exten => {FOLLOW_ME},1,Dial(Local/102@keskus-internal)
exten => {FOLLOW_ME_KEPT},1,Dial(Local/102@keskus-internal/n)
exten => {WITH_CODES},1,Dial(PJSIP/op2,20,it)
exten => {BRIEF_PARK},1,Park(brief)
[{CONSOLE}]
exten => 103,1,Goto(keskus-internal,103,1)
[keskus-inbound](+)
exten => {OTHER_DOOR},1,Dial(Local/3726000500@keskus-internal)
""",
    "features.conf": "atxfer = *2\n",
    "res_parking.conf": f"""
[brief]
context = keskus-parked-brief
parkpos => 751-753
parkingtime = {BRIEF_S}
comebacktoorigin = no
comebackcontext = keskus-comeback
""",
}
