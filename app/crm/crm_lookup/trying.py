"""Asks the CRM once, and tells each step with nothing in it that is secret."""

from typing import NamedTuple
from urllib.parse import quote

from app.crm.crm_lookup.client import CrmClient, Walked
from app.crm.crm_lookup.desk import PATIENCE_S
from app.crm.crm_lookup.templates import shown_address
from app.crm_template.run import Step
from app.domain.calls import CrmCard
from app.system.clock import monotonic


class Tried(NamedTuple):
    """How a try went."""

    card: CrmCard
    steps: list[tuple[Step, str]]
    """Each step with the address as it may be shown."""
    why: str
    took_s: float


async def try_number(client: CrmClient, number: str) -> Tried:
    """Ask the CRM once about a number, past everything that is remembered.

    Raises:
        Refusal: the template cannot be used.
    """
    began_s = monotonic()
    walked = await client.look_up(number, PATIENCE_S / 2)
    return Tried(walked.card, _shown(walked, client), walked.why, monotonic() - began_s)


def _shown(walked: Walked, client: CrmClient) -> list[tuple[Step, str]]:
    secrets = sorted(client.secrets(), key=lambda one: -len(one[1]))

    def address(step: Step) -> str:
        text = shown_address(step.request.url) if step.request is not None else ""
        for name, value in secrets:
            for written in (value, quote(value, safe="")):
                if len(written) > 2:
                    text = text.replace(written, f"[{name}]")
        return text

    return [(step, address(step)) for step in walked.outcome.steps]
