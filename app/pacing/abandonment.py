"""How many live answers were abandoned, over the window that a campaign's rules name.

A live answer counts at the moment of the answer. `Abandonment` keeps counts for at most the minutes of one day,
whatever the traffic. Its calendar days, 30-day periods and whole campaigns are exact. Its rolling day is exact except
for its first minute, of which abandoned answers count and connected ones do not; so the rate is never too low. `tally`
computes the exact figure from the attempts' records.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple, assert_never

from app.domain.campaigns import Window

DAY = timedelta(days=1)
PERIOD_DAYS = 30
_MINUTE_S = 60
_MINUTES_KEPT = 1440


class LiveAnswers(NamedTuple):
    """Live answers by outcome."""

    answered: int = 0
    """Connected to an operator in time."""
    abandoned: int = 0

    @property
    def live(self) -> int:
        """All live answers."""
        return self.answered + self.abandoned

    def rate(self, *, mistaken: float = 0.0) -> float:
        """The share of live answers that was abandoned, 0..1; 0 without live answers.

        Args:
            mistaken: live answers that detection took for machines and that were hung up, estimated from dispositions.
                They count as abandoned, too, without a message (Ofcom, 1 October 2010, section 4).
        """
        live = self.live + mistaken
        return (self.abandoned + mistaken) / live if live else 0.0


@dataclass(slots=True, frozen=True)
class Span:
    """From `begins` up to, not including, `ends`; the rolling day does not include `begins` and includes `ends`."""

    begins: datetime
    ends: datetime


def span_at(window: Window, at: datetime, *, begun: datetime, zone: tzinfo) -> Span | None:
    """The window's span at a moment; None for the whole campaign, which has no bounds.

    Args:
        window: the kind of window.
        at: the moment; aware.
        begun: when the campaign began; periods of 30 days count from that day.
        zone: the campaign's time zone, which its days follow.
    """
    today = at.astimezone(zone).date()
    match window:
        case Window.ROLLING_DAY:
            return Span(at - DAY, at)
        case Window.CALENDAR_DAY:
            first, days = today, 1
        case Window.THIRTY_DAYS:
            since = begun.astimezone(zone).date()
            first, days = today - (today - since) % timedelta(days=PERIOD_DAYS), PERIOD_DAYS
        case Window.CAMPAIGN:
            return None
        case _:
            assert_never(window)
    midnight = datetime(first.year, first.month, first.day, tzinfo=zone)
    return Span(midnight.astimezone(UTC), (midnight + timedelta(days=days)).astimezone(UTC))


def tally(
    answers: Iterable[tuple[datetime, bool]], window: Window, at: datetime, span: Span | None
) -> LiveAnswers:
    """Count the live answers of a window exactly.

    Args:
        answers: the moment of each live answer, and whether it was abandoned.
        window: the kind of window.
        at: the moment of the count; later answers do not count.
        span: the window's span, as `span_at` gives it.
    """
    counted = [0, 0]
    for answered_at, abandoned in answers:
        if answered_at <= at and (span is None or _within(answered_at, window, span)):
            counted[abandoned] += 1
    return LiveAnswers(*counted)


def _within(at: datetime, window: Window, span: Span) -> bool:
    if window is Window.ROLLING_DAY:
        return span.begins < at <= span.ends
    return span.begins <= at < span.ends


@dataclass(slots=True)
class _Minute:
    number: int
    answered: int = 0
    abandoned: int = 0


@dataclass(slots=True)
class Abandonment:
    """A campaign's live answers within its window, kept up to date.

    Add each live answer as it is known, roughly in order of time; at a start, add those of the window from the records.
    """

    window: Window
    begun: datetime
    zone: tzinfo
    _span: Span | None = None
    _answered: int = 0
    _abandoned: int = 0
    _minutes: deque[_Minute] = field(default_factory=deque)

    def add(self, answered_at: datetime, *, abandoned: bool, times: int = 1) -> None:
        """Count `times` live answers. Answers that belong to an earlier window are not counted."""
        if self.window is Window.ROLLING_DAY:
            self._add_to_minute(answered_at, times, abandoned=abandoned)
        elif self._move_to(answered_at):
            self._answered += 0 if abandoned else times
            self._abandoned += times if abandoned else 0

    def at(self, now: datetime) -> LiveAnswers:
        """The count at a moment, which must not be earlier than in the call before."""
        if self.window is not Window.ROLLING_DAY:
            self._move_to(now)
            return LiveAnswers(self._answered, self._abandoned)
        first = int((now - DAY).timestamp() // _MINUTE_S)
        self._forget_before(first)
        on_edge = self._minutes[0].answered if self._minutes and self._minutes[0].number == first else 0
        return LiveAnswers(self._answered - on_edge, self._abandoned)

    def _move_to(self, at: datetime) -> bool:
        """Start a new count if a moment is past the window; False: the moment is before the window."""
        if self._span is None or at >= self._span.ends:
            span = span_at(self.window, at, begun=self.begun, zone=self.zone)
            if span != self._span:
                self._span, self._answered, self._abandoned = span, 0, 0
        return self._span is None or at >= self._span.begins

    def _forget_before(self, first: int) -> None:
        while self._minutes and self._minutes[0].number < first:
            gone = self._minutes.popleft()
            self._answered -= gone.answered
            self._abandoned -= gone.abandoned

    def _add_to_minute(self, at: datetime, times: int, *, abandoned: bool) -> None:
        number = int(at.timestamp() // _MINUTE_S)
        minutes = self._minutes
        if minutes and number < minutes[-1].number:
            place = next((place for place, one in enumerate(minutes) if one.number >= number), len(minutes))
            if minutes[place].number != number:
                minutes.insert(place, _Minute(number))
            minute = minutes[place]
        else:
            if not minutes or minutes[-1].number != number:
                minutes.append(_Minute(number))
            minute = minutes[-1]
        minute.answered += 0 if abandoned else times
        minute.abandoned += times if abandoned else 0
        self._answered += 0 if abandoned else times
        self._abandoned += times if abandoned else 0
        self._forget_before(minutes[-1].number - _MINUTES_KEPT)
