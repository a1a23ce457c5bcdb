"""Scripts: what happened in a centre as a list of actions; told again, made short, and printed as a test."""

from collections.abc import Callable, Sequence

from app.simulator.centre import Action, Centre
from app.simulator.promises import BrokenPromise

Script = Sequence[Action]
Trial = Callable[[Script], str | None]
"""Tells a script and gives the promise that broke, or None."""
_FEW_ACTIONS = 16
_SETTINGS = frozenset({"queue", "operator", "presence", "phone_lost", "phone_back"})
_OF_CALLERS = frozenset(
    {
        "arrive",
        "answer",
        "reject",
        "hang_up",
        "operator_hangs_up",
        "hold",
        "resume",
        "blind_to_phone",
        "blind_to_queue",
        "blind_outside",
        "attended",
        "blind_through_local",
        "optimise",
        "pick_up",
        "take_over",
        "park",
        "retrieve",
        "replace_caller",
        "customer_answers",
        "customer_ends",
    }
)
"""Actions whose first argument is a caller's name."""
_FEWEST_ARGUMENTS = {
    "queue": 2,
    "operator": 3,
    "presence": 2,
    "arrive": 3,
    "arm": 2,
    "attended": 3,
    "cut": 1,
    "restart_service": 1,
    "campaign": 3,
    "customer_answers": 2,
}
"""How many words of an action are needed, its name included."""
FINISH: Action = ("finish",)
"""Everybody leaves and nothing fails any more. Always the last action."""


def replay(script: Script, *, closely: bool = True) -> Centre:
    """Tell a script again.

    Args:
        script: actions of a `Centre`.
        closely: check each promise after each event.

    Raises:
        BrokenPromise: what was promised did not hold.
    """
    centre = Centre(closely=closely)
    for action in script:
        if action == FINISH:
            centre.finish()
        else:
            centre.do(action)
    return centre


def broken_by(script: Script, *, closely: bool = True) -> str | None:
    """The promise that a script breaks, or None."""
    try:
        replay(script, closely=closely)
    except BrokenPromise as broken:
        return broken.promise
    return None


def shrink(script: Script, trial: Trial, out_of_time: Callable[[], bool]) -> list[Action]:
    """Leave out what is not needed to break the same promise.

    First all that is long past, but for the settings; then callers one by one; then halves, quarters, and so on
    down to single actions; then arguments. Waits that follow each other become one.

    Args:
        script: one that breaks a promise.
        trial: tells a script.
        out_of_time: asked before each trial; what has been reached by then is the result.
    """
    promise = trial(script)

    def breaks(shorter: Script) -> bool:
        return not out_of_time() and trial(shorter) == promise

    if promise is None:
        return list(script)
    short = _without_the_past(list(script), breaks)
    length = 0
    while length != len(short):
        length = len(short)
        short = _without_callers(short, breaks)
        short = _without_chunks(short, breaks)
    short = _with_few_arguments(short, breaks)
    joined = _join_waits(short)
    return joined if breaks(joined) else short


def _without_the_past(script: list[Action], breaks: Callable[[Script], bool]) -> list[Action]:
    """Keep the settings and the last actions: as few as break it, doubled until they do."""
    last = _FEW_ACTIONS
    while last < len(script):
        past, recent = script[:-last], script[-last:]
        shorter = [action for action in past if action[0] in _SETTINGS] + recent
        if breaks(shorter):
            return shorter
        last *= 2
    return script


def _without_callers(script: list[Action], breaks: Callable[[Script], bool]) -> list[Action]:
    """Leave out whole callers."""
    for name in [action[1] for action in script if action[0] == "arrive"]:
        shorter = [action for action in script if action[0] not in _OF_CALLERS or action[1] != name]
        if breaks(shorter):
            script = shorter
    return script


def _without_chunks(script: list[Action], breaks: Callable[[Script], bool]) -> list[Action]:
    chunk = len(script) // 2
    while chunk >= 1:
        start = 0
        while start < len(script):
            shorter = script[:start] + script[start + chunk :]
            if breaks(shorter):
                script = shorter
            else:
                start += chunk
        chunk //= 2
    return script


def _with_few_arguments(script: list[Action], breaks: Callable[[Script], bool]) -> list[Action]:
    """Leave as many arguments to their defaults as will do."""
    for n, action in enumerate(script):
        for length in range(_FEWEST_ARGUMENTS.get(str(action[0]), len(action)), len(action)):
            shorter = [*script[:n], action[:length], *script[n + 1 :]]
            if breaks(shorter):
                script = shorter
                break
    return script


def as_test(name: str, script: Script, promise: str) -> str:
    """A test to paste into `tests/floor`: it fails as long as the promise breaks.

    Args:
        name: of the test, without `test_`.
        script: to be told.
        promise: that broke.
    """
    lines = "\n".join(f"            {action!r}," for action in script)
    return f'''from app.simulator.script import replay


def test_{name}() -> None:
    """Found: {promise}."""
    replay(
        [
{lines}
        ]
    )
'''


def _join_waits(script: Script) -> list[Action]:
    joined: list[Action] = []
    for action in script:
        if action[0] == "wait" and joined and joined[-1][0] == "wait":
            joined[-1] = ("wait", round(float(joined[-1][1] or 0) + float(action[1] or 0), 3))
        else:
            joined.append(action)
    return joined
