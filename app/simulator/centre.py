"""A simulated call centre that is driven from outside by actions, around the real runner and floor.

`do` takes one action, a small tuple: who calls, who answers, what fails, how much time passes. Nothing here is random,
so a list of actions can be replayed. Promises are checked after each action, or with `closely` after each event. Once
nothing has failed for 5 s, the floor must agree with the PBX.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from app.domain.calls import OfferOutcome
from app.domain.ids import CallId, ChannelId, OfferId, OperatorId, QueueId
from app.domain.operators import Presence
from app.floor.commands import IdentifyCaller
from app.floor.events import (
    CallerIdentified,
    CampaignSet,
    ChannelHungUp,
    Event,
    LegAnswered,
    LegDialed,
    OfferReturned,
    OperatorRemoved,
    OperatorSet,
    PresenceAsked,
    QueueRemoved,
    QueueSet,
    TransferAsked,
    TrunkSet,
    WrapUpEnded,
)
from app.floor.facts import CallEnded, CallRecord
from app.simulator import colleagues, transfers
from app.simulator.agreement import agree
from app.simulator.campaigning import Campaigning
from app.simulator.lines import ABANDONED, LEAVE, InternalLine, Line
from app.simulator.link import Link
from app.simulator.loop import VirtualLoop
from app.simulator.promises import held
from app.simulator.script_settings import TRUNK, campaign_of, operator_of, phone_of, queue_of
from app.simulator.service import Service
from app.simulator.trouble import Trouble

Argument = str | int | float | None
Action = tuple[Argument, ...]
"""An action's name and its arguments."""

HEAL_S = 5.0
"""Seconds after the last fault until floor and PBX must agree."""
TRUE_S = 1.0
"""Seconds by which a record may differ from what the PBX saw."""
MESSAGE_S = 2.0
IDENTIFY_S = 0.03
_LOOK_AGAIN_S = 0.02


class Centre:
    """One centre, empty at first and with a working link.

    Args:
        closely: check all promises after each event, not only after each action.
    """

    def __init__(self, *, closely: bool = True) -> None:
        self.loop = VirtualLoop()
        self.trouble = Trouble()
        self.trouble.changed = self._troubled
        self.lines: dict[int, Line] = {}
        """The callers who are there, by their name in the script."""
        self.names: dict[ChannelId, int] = {}
        self._troubled_s = -HEAL_S
        """When something last failed, in seconds."""
        self._looking = False
        self._preferred: dict[CallId, tuple[int, float]] = {}
        self._elsewhere: set[ChannelId] = set()
        """The callers who were transferred or parked, and so did not only wait and talk."""
        self._gone: dict[ChannelId, float] = {}
        """When callers left, in seconds, until their record is there."""
        self._gone_lines: dict[ChannelId, Line] = {}
        self.colleagues: dict[int, InternalLine] = {}
        """Calls between colleagues, by their name in the script."""
        self._words: dict[CallId, tuple[InternalLine, float]] = {}
        """The calls between colleagues that ended, and when, until their record is there."""
        self.link = Link(self.loop, self.trouble, self._put)
        self.pbx = self.link.pbx
        self.pbx.message_s = MESSAGE_S
        self.pbx.gone = self._left
        self.pbx.transfer = self._transfer
        self.service = Service(
            self.loop,
            self.link.execute,
            self._identify,
            closely=closely,
        )
        self.service.ended = self._recorded
        self.service.internal_ended = self._word_recorded
        self.campaigns = Campaigning(
            self.loop, self.link, lambda: self.service.floor, self._put, lambda: self._is_sound
        )
        self.service.place = self.campaigns.place
        self.service.attempt_ended = self.campaigns.ended
        self._actions: dict[str, Callable[..., None]] = {
            "wait": self._wait,
            "queue": self._set_queue,
            "operator": self._set_operator,
            "remove_queue": lambda id_: self._put(QueueRemoved(QueueId(id_))),
            "remove_operator": lambda id_: self._put(OperatorRemoved(OperatorId(id_))),
            "trunk": lambda channels, calls_per_s: self._put(TrunkSet(TRUNK, channels, calls_per_s)),
            "campaign": self._set_campaign,
            "customer_answers": self._customer_answers,
            "customer_ends": self.campaigns.ends,
            "presence": self._ask_presence,
            "wrapped_up": lambda id_: self._put(WrapUpEnded(OperatorId(id_))),
            "phone_lost": self._lose_phone,
            "phone_back": self._connect_phone,
            "arrive": self._arrive,
            "answer": partial(self._with_line, self.pbx.answer),
            "reject": partial(self._with_line, self._reject),
            "hang_up": partial(self._with_line, self.pbx.hang_up),
            "operator_hangs_up": partial(self._with_line, self.pbx.hang_up_leg),
            "hold": partial(self._with_line, partial(transfers.hold, self.pbx)),
            "resume": partial(self._with_line, partial(transfers.resume, self.pbx)),
            "blind_to_phone": partial(self._with_line, self._blind_to_phone),
            "blind_to_queue": partial(self._with_line, self._blind_to_queue),
            "blind_outside": partial(self._with_line, self._blind_outside),
            "attended": partial(self._with_line, self._attended),
            "asks_transfer": partial(self._with_line, self._ask_transfer),
            "blind_through_local": partial(self._with_line, self._blind_through_local),
            "optimise": partial(self._with_line, partial(transfers.optimise, self.pbx)),
            "pick_up": partial(self._with_line, self._pick_up),
            "take_over": partial(self._with_line, self._take_over),
            "park": partial(self._with_line, self._park),
            "retrieve": partial(self._with_line, self._retrieve),
            "calls_colleague": self._call_colleague,
            "colleague_answers": partial(self._with_colleague, partial(colleagues.answer, self.pbx)),
            "colleague_hangs_up": partial(self._with_colleague, self._end_with_colleague),
            "hand_over": partial(self._with_colleague, self._hand_over),
            "replace_caller": partial(self._with_line, self._replace_caller),
            "arm": self.trouble.arm,
            "disarm": self.trouble.disarm,
            "cut": partial(self.link.cut, "reset"),
            "half_open": self.link.go_silent,
            "stall": self.link.stall,
            "restart_pbx": self._restart_pbx,
            "restart_service": self._restart_service,
            "set_clock": self._set_clock,
            "false": self._say_falsely,
        }

    def do(self, action: Action) -> None:
        """Carry out one action now.

        Raises:
            BrokenPromise: a promise of the floor did not hold.
            KeyError: there is no such action.
        """
        name, *arguments = action
        before = self.loop.now_s, self.service.events
        self._actions[str(name)](*arguments)
        self.loop.run(self.loop.now_s)
        if (self.loop.now_s, self.service.events) == before:
            return  # the service has not heard of the action yet, so the floor is unchanged
        self.service.check()
        if self._is_sound and self.link.quiet:
            agree(self.service.floor, self.pbx)

    def finish(self) -> None:
        """End all faults, let everybody leave, and check that nothing is left.

        Raises:
            BrokenPromise: a call or attempt is left, or a call has no record.
        """
        self.link.mend()
        while not self._is_sound:
            self._wait(1.0)
        self.do(("wait", 0.5))
        for campaign in self.service.floor.campaigns.values():
            self._put(CampaignSet(replace(campaign.settings, running=False)))
        self.do(("wait", 0.5))
        self.campaigns.silence()
        for name in list(self.lines):
            self.do(("hang_up", name))
        for name in list(self.colleagues):
            self.do(("colleague_hangs_up", name))
        for _ in range(20):
            self.do(("wait", 0.5))
        floor = self.service.floor
        held(not floor.calls, "a call is left when everybody has gone", floor.calls)
        held(not floor.by_channel, "a channel is left when everybody has gone", floor.by_channel)
        held(not floor.internal.calls, "a word with a colleague is left", floor.internal.calls)
        held(not floor.internal.by_channel, "a colleague's channel is left", floor.internal.by_channel)
        self.service.records.complete()
        self.campaigns.complete()

    # Looking

    @property
    def _is_sound(self) -> bool:
        """Whether nothing has failed for `HEAL_S`."""
        return self.loop.now_s >= self._troubled_s + HEAL_S and not self.link.in_trouble

    def _troubled(self) -> None:
        self._troubled_s = self.loop.now_s
        self._look_later(HEAL_S)

    def _look_later(self, delay_s: float) -> None:
        if not self._looking:
            self._looking = True
            self.loop.call_later(delay_s, self._look)

    def _look(self) -> None:
        """Check that floor and PBX agree, if the last fault was `HEAL_S` ago; else look again later."""
        self._looking = False
        healed_s = self._troubled_s + HEAL_S
        if self.loop.now_s < healed_s:
            self._look_later(healed_s - self.loop.now_s)
        elif self.link.in_trouble:
            return  # the end of the trouble calls `_troubled`
        elif self.link.quiet:
            agree(self.service.floor, self.pbx)
        else:
            self._look_later(_LOOK_AGAIN_S)

    def _left(self, line: Line) -> None:
        self._gone[line.channel] = self.loop.now_s
        self._gone_lines[line.channel] = line
        del self.lines[self.names.pop(line.channel)]

    def _recorded(self, ended: CallEnded) -> None:
        """Compare the record of a call that met no fault with what the PBX saw."""
        record = ended.record
        line, gone_s = self._gone_lines.pop(record.channel, None), self._gone.pop(record.channel, None)
        if line is None or gone_s is None:
            held(not self._is_sound, "a record of a call that goes on", record)
            return
        if not self._is_sound or line.entered_s < self._troubled_s + HEAL_S:
            return
        held(abs(record.duration_s - (gone_s - line.entered_s)) <= TRUE_S, "a wrong duration", record, line)
        held(abs(record.talked_s - line.talked_s) <= TRUE_S, "a wrong talk time", record, line)
        if line.channel not in self._elsewhere and line.where not in (LEAVE, ABANDONED):
            waited_s = gone_s - line.entered_s - line.talked_s
            held(abs(record.waited_s - waited_s) <= TRUE_S, "a wrong wait", record, line)

    def _word_recorded(self, record: CallRecord) -> None:
        """Compare the record of a call between colleagues that met no fault with what the PBX saw."""
        known = self._words.pop(record.call, None)
        if known is None or not self._is_sound:
            return
        line, ended_s = known
        if line.began_s < self._troubled_s + HEAL_S:
            return
        talked_s = ended_s - line.answered_s if line.answered_s is not None else 0.0
        held(abs(record.talked_s - talked_s) <= TRUE_S, "a wrong talk with a colleague", record, line)
        held(abs(record.duration_s - (ended_s - line.began_s)) <= TRUE_S, "a wrong duration", record, line)

    # The contact base

    def _identify(self, asked: IdentifyCaller) -> None:
        preferred, delay_s = self._preferred.get(asked.call, (0, IDENTIFY_S))
        known = CallerIdentified(
            asked.call, "Somebody", preferred=OperatorId(preferred) if preferred else None
        )
        self.loop.call_later(delay_s, partial(self._put, known))

    def _put(self, event: Event) -> None:
        self.service.put(event)

    # Time and settings

    def _wait(self, seconds: float) -> None:
        self.loop.run(self.loop.now_s + seconds)

    def _set_queue(self, *words: Argument) -> None:
        settings = queue_of(*words)  # type: ignore[arg-type]
        self.service.wrap_ups_s.add(settings.wrap_up_s)
        self._put(QueueSet(settings))

    def _set_operator(self, *words: Argument) -> None:
        settings = operator_of(*words)  # type: ignore[arg-type]
        if settings.endpoint not in self.pbx.phones:
            self.pbx.connect_phone(settings.endpoint)
        self._put(OperatorSet(settings))

    def _set_campaign(self, *words: Argument) -> None:
        self._put(CampaignSet(campaign_of(*words)))  # type: ignore[arg-type]

    # People

    def _customer_answers(self, name: int, machine: int = 0) -> None:
        line = self.campaigns.answers(name, machine=bool(machine))
        if line is not None:
            self.lines[name] = line
            self.names[line.channel] = name

    def _ask_presence(self, id_: int, presence: str = "available") -> None:
        self._put(PresenceAsked(OperatorId(id_), Presence(presence), "lunch"))

    def _lose_phone(self, id_: int) -> None:
        if self.pbx.alive:
            self.pbx.lose_phone(phone_of(id_))

    def _connect_phone(self, id_: int) -> None:
        if self.pbx.alive:
            self.pbx.connect_phone(phone_of(id_))

    def _arrive(  # noqa: PLR0917
        self,
        name: int,
        queue: str,
        preferred: int | None = None,
        skills: str = "",
        priority: int = 0,
        identify_s: float = IDENTIFY_S,
    ) -> None:
        """Let somebody call. With `preferred` the contact base knows the number; 0 prefers no operator."""
        if name in self.lines or not self.pbx.alive:
            return
        number = "" if preferred is None else "+37255500001"
        line = self.pbx.enter(QueueId(queue), number, skills=frozenset(skills.split()), priority=priority)
        self._preferred[CallId(line.channel)] = preferred or 0, identify_s
        self.lines[name] = line
        self.names[line.channel] = name
        self.link.fallback.look(line)

    def _with_line(self, act: Callable[..., None], name: int, *arguments: Argument) -> None:
        line = self.lines.get(name)
        if line is not None:
            act(line, *arguments)

    def _reject(self, line: Line) -> None:
        if line.leg is not None and not line.talking and line.endpoint != transfers.TRUNK:
            self.pbx.reject(line)

    def _blind_to_phone(self, line: Line, operator: int) -> None:
        if line.talking:
            self._elsewhere.add(line.channel)
            transfers.blind_to_phone(self.pbx, line, phone_of(operator))

    def _blind_to_queue(self, line: Line, queue: str) -> None:
        if line.talking:
            self._elsewhere.add(line.channel)
            transfers.blind_to_queue(self.pbx, line, QueueId(queue))

    def _blind_outside(self, line: Line) -> None:
        if line.talking:
            self._elsewhere.add(line.channel)
            transfers.blind_outside(self.pbx, line, "+37255500002")

    def _attended(self, line: Line, operator: int, second_first: int = 0) -> None:
        if line.talking and self._on_the_hook(operator):
            self._elsewhere.add(line.channel)
            transfers.attended_to_phone(self.pbx, line, phone_of(operator), second_first=bool(second_first))

    def _ask_transfer(self, line: Line, extension: str) -> None:
        """The operator asks the service, not the phone, to send the caller away."""
        floor = self.service.floor
        operator = next((id_ for id_ in floor.operators if phone_of(id_) == line.endpoint), None)
        if line.talking and operator is not None:
            self._put(TransferAsked(line.call or CallId(line.channel), operator, extension))

    def _transfer(self, line: Line, extension: str) -> None:
        self._elsewhere.add(line.channel)
        transfers.blind_to(self.pbx, line, extension)

    def _blind_through_local(self, line: Line, operator: int) -> None:
        if line.talking:
            self._elsewhere.add(line.channel)
            transfers.blind_through_local(self.pbx, line, phone_of(operator))

    def _pick_up(self, line: Line, operator: int) -> None:
        if line.endpoint != transfers.TRUNK and self._on_the_hook(operator):
            transfers.pick_up(self.pbx, line, phone_of(operator))

    def _take_over(self, line: Line, operator: int) -> None:
        if line.local is None and self._on_the_hook(operator):
            transfers.take_over(self.pbx, line, phone_of(operator))

    def _park(self, line: Line) -> None:
        if line.talking and line.endpoint != transfers.TRUNK:
            self._elsewhere.add(line.channel)
            transfers.park(self.pbx, line)

    def _retrieve(self, line: Line, operator: int) -> None:
        if self._on_the_hook(operator):
            transfers.retrieve(self.pbx, line, phone_of(operator))

    def _call_colleague(self, name: int, operator: int, other: int) -> None:
        if name not in self.colleagues and self.pbx.alive:
            line = colleagues.call(self.pbx, phone_of(operator), phone_of(other))
            if line is not None:
                self.colleagues[name] = line

    def _with_colleague(self, act: Callable[..., None], name: int, *arguments: Argument) -> None:
        line = self.colleagues.get(name)
        if line is not None:
            act(line, *arguments)

    def _end_with_colleague(self, line: InternalLine, by_called: int = 0) -> None:
        self._words[line.called.call] = line, self.loop.now_s
        colleagues.hang_up(self.pbx, line, by_called=bool(by_called))

    def _hand_over(self, line: InternalLine, name: int) -> None:
        caller = self.lines.get(name)
        if caller is not None:
            self._elsewhere.add(caller.channel)
            colleagues.hand_over(self.pbx, line, caller)

    def _replace_caller(self, line: Line) -> None:
        if not line.parked and line.local is None:
            name = self.names.pop(line.channel)
            transfers.replace_caller(self.pbx, line)
            self.names[line.channel] = name
            if line.talking:
                self._elsewhere.add(line.channel)

    def _on_the_hook(self, operator: int) -> bool:
        phone = self.pbx.phones.get(phone_of(operator))
        return phone is not None and phone.registered and not phone.legs

    # What fails

    def _restart_pbx(self, away_s: float) -> None:
        if self.pbx.alive:
            self.link.restart_pbx(away_s)

    def _restart_service(self, away_s: float = 0.0) -> None:
        self.trouble.happen("restart_service")
        self.link.cut("the service died", away_s)
        self.service.restart()
        self.campaigns.restart()

    def _set_clock(self, seconds: float) -> None:
        self.trouble.happened["set_clock"] += 1
        self.service.wall_ahead_s += seconds

    def _say_falsely(self, kind: str, name: int, operator: int) -> None:
        """Give the service an event of something that did not happen."""
        line = self.lines.get(name)
        if line is None or self.link.in_trouble:
            return
        leg, endpoint = ChannelId(f"x{name}-{operator}"), phone_of(operator)
        event: Event
        match kind:
            case "LegDialed":
                event = LegDialed(line.channel, leg, endpoint)
            case "LegAnswered":
                event = LegAnswered(line.channel, leg, endpoint)
            case "OfferReturned":
                event = OfferReturned(line.channel, OfferId(operator), OfferOutcome.TIMED_OUT, 0)
            case _:
                event = ChannelHungUp(line.leg or leg, 16)
        self.trouble.happen("false")
        self.link.stir()
        self._put(event)
