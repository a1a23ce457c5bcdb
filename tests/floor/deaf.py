"""A floor that loses the link to its PBX, and gets it back."""

from app.floor.events import LinkLost
from app.simulator.lines import CONNECT, Line
from app.simulator.promises import check
from tests.floor.story import Story


def deaf() -> Story:
    """A floor with two operators that has just lost the link to its PBX."""
    s = Story()
    s.queue(wrap_up_s=10)
    s.operator(1)
    s.wait(1)
    s.operator(2)
    cut(s)
    return s


def cut(s: Story) -> None:
    s.tell(LinkLost("cut"))
    s.pbx.say = lambda _: None
    s.world.obey = lambda _: None


def heard_again(s: Story) -> None:
    s.pbx.say = s.world.tell
    s.world.obey = s.pbx._obey
    s.tell(s.pbx.snapshot())
    check(s.floor, s.world.now_s)


def rings_by_itself(s: Story, line: Line, endpoint: str) -> None:
    """The dialplan's own queue rings a phone while the service is away."""
    line.where = CONNECT
    s.pbx.ring(line, endpoint, 20)
