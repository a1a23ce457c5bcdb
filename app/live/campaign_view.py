"""A campaign on the floor as supervisors see it: the last decision how many calls to place, and why."""

from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import with_config
from typing_extensions import TypedDict

from app.compliance.lawful import Lack
from app.floor.campaigns.dialing import Campaign
from app.live.views import iso
from app.pacing.calls_to_place import Forecast


@with_config(use_attribute_docstrings=True)
class ForecastView(TypedDict):
    """What the decision expected; times are seconds, rates and probabilities 0..1."""

    answer_rate: float
    """Share of dials that a person answers, 0..1."""
    answer_rate_spread: float
    """One standard deviation of the uncertainty of `answer_rate`."""
    answer_s: float
    """Mean time from dial to answer."""
    handling_s: float
    """Mean time for which a call occupies an operator."""
    window_s: float
    """How far ahead `freed` and `answers` look."""
    freed: float
    """Busy operators expected to be free at the end of the window."""
    answers: float
    """Answers expected within the window from the dials in flight."""
    risk: float
    """Probability that the last dial placed finds no operator, if it is answered."""
    next_risk: float
    """Probability that one more dial would find no operator, if it is answered."""
    accepted_risk: float
    """The highest risk that is accepted, 0..1."""


@with_config(use_attribute_docstrings=True)
class PacingView(TypedDict):
    """The last decision how many calls to place."""

    at: str
    """When it was decided."""
    idle: int
    """Operators who could take an answer."""
    ready: int
    """Idle operators, and those who come back after their present work."""
    dials: int
    """Dials in flight for these operators before the decision, of all campaigns."""
    waiting: int
    """Calls that wait for these operators."""
    kept: int
    """Idle operators who are kept for dials, those of the decision included."""
    left: int
    """Idle operators who are left for expected callers."""
    place: int
    """Calls that the decision placed."""
    bound: Literal[
        "mode",
        "no_leads",
        "nobody_ready",
        "lines",
        "risk",
        "record",
        "learning",
        "inbound",
        "callers",
        "room",
    ]
    """What kept the number from being higher."""
    answered: int
    """Live answers in the window of the campaign's rules that reached an operator in time."""
    abandoned: int
    """Live answers in that window that reached no operator in time."""
    limit: float
    """Share of live answers that may be abandoned, 0..1."""
    spare: float
    """Calls that may still be abandoned; negative beyond the limit."""
    forecast: ForecastView | None
    """What the decision expected; null: the mode is not predictive, or no operator is ready."""


@with_config(use_attribute_docstrings=True)
class StoppedView(TypedDict):
    """Leads that one rule stops."""

    rule: str
    """A `DialRule`, or the reason why attempts are used up."""
    leads: int
    """How many leads the rule stops."""
    until: str | None
    """When the first of these leads is looked at again; null: not until people change something."""


@with_config(use_attribute_docstrings=True)
class CampaignView(TypedDict):
    """A campaign on the floor."""

    id: int
    """The campaign's id."""
    title: str
    """The name that people see."""
    mode: Literal["preview", "progressive", "ratio", "predictive"]
    """The campaign's dial mode."""
    queue: str
    """The queue whose operators serve it."""
    running: bool
    """The campaign may dial now."""
    attempts: int
    """Calls under way."""
    lacks: list[Literal["rule_set", "hours", "legal_basis", "legal_basis_note"]]
    """What the campaign lacks; it goes on because it began before this was required."""
    stopped: list[StoppedView]
    """How many leads each rule stops, most first; a few seconds old."""
    pacing: PacingView | None
    """The last decision how many calls to place; null: there was none yet."""


class StoppedLeads(NamedTuple):
    """Leads that one rule stops."""

    rule: str
    leads: int
    until: datetime | None


class Standing(NamedTuple):
    """What the database tells of a campaign, beside the floor."""

    lacks: tuple[Lack, ...] = ()
    stopped: tuple[StoppedLeads, ...] = ()


def campaign_view(campaign: Campaign, standing: Standing) -> CampaignView:
    """A campaign as it now is."""
    settings = campaign.settings
    return {
        "id": settings.id,
        "title": settings.title,
        "mode": settings.mode.value,
        "queue": settings.queue,
        "running": settings.running,
        "attempts": len(campaign.attempts),
        "lacks": [lack.value for lack in standing.lacks],
        "stopped": [
            {
                "rule": one.rule,
                "leads": one.leads,
                "until": iso(one.until) if one.until is not None else None,
            }
            for one in standing.stopped
        ],
        "pacing": _pacing_view(campaign),
    }


def _pacing_view(campaign: Campaign) -> PacingView | None:
    decided, at = campaign.decided, campaign.decided_at
    if decided is None or at is None:
        return None
    decision = decided.decision
    return {
        "at": iso(at.wall),
        "idle": decided.idle,
        "ready": decided.ready,
        "dials": decided.dials,
        "waiting": decided.waiting,
        "kept": decided.kept + decision.kept,
        "left": decision.left,
        "place": decision.place,
        "bound": decision.bound.value,
        "answered": decided.answered,
        "abandoned": decided.abandoned,
        "limit": decided.limit,
        "spare": decision.spare,
        "forecast": _forecast_view(decision.forecast) if decision.forecast is not None else None,
    }


def _forecast_view(forecast: Forecast) -> ForecastView:
    return {
        "answer_rate": forecast.answer_rate,
        "answer_rate_spread": forecast.answer_rate_spread,
        "answer_s": forecast.answer_s,
        "handling_s": forecast.handling_s,
        "window_s": forecast.window_s,
        "freed": forecast.freed,
        "answers": forecast.answers,
        "risk": forecast.risk,
        "next_risk": forecast.next_risk,
        "accepted_risk": forecast.accepted_risk,
    }
