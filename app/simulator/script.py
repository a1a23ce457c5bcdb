"""Scripts: a centre's history as a list of actions, which can be replayed, shortened and printed as a test."""

from collections.abc import Callable, Sequence

from app.simulator.centre import Action, Centre
from app.simulator.promises import BrokenPromise

Script = Sequence[Action]
Trial = Callable[[Script], str | None]
"""Replays a script and gives the promise that it breaks, or None."""
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
"""The fewest elements of an action, its name included; the others have defaults."""
FINISH: Action = ("finish",)
"""Everybody leaves and nothing fails any more. Always the last action."""


def replay(script: Script, *, closely: bool = True) -> Centre:
    """Replay a script.

    Args:
        script: actions of a `Centre`.
        closely: check each promise after each event.

    Raises:
        BrokenPromise: a promise does not hold.
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
    """Leave out the actions that are not needed to break the same promise.

    First it leaves out all old actions except settings; then callers one by one; then halves, quarters, and so on
    down to single actions; then arguments. Successive waits become one.

    Args:
        script: a script that breaks a promise.
        trial: replays a script.
        out_of_time: asked before each trial; True ends the search with the shortest script so far.
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
    """Keep the settings and the last actions: 16, doubled until they break the promise."""
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
    """Leave as many arguments as possible to their defaults."""
    for n, action in enumerate(script):
        for length in range(_FEWEST_ARGUMENTS.get(str(action[0]), len(action)), len(action)):
            shorter = [*script[:n], action[:length], *script[n + 1 :]]
            if breaks(shorter):
                script = shorter
                break
    return script


def as_test(name: str, script: Script, promise: str) -> str:
    """The text of a test for `tests/floor`; it fails as long as the script breaks a promise.

    Args:
        name: the test's name, without `test_`.
        script: the script that the test replays.
        promise: the promise that it breaks.
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
