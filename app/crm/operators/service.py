"""What makes a user an operator: profile, phone and queues; for the interface and the command line."""

from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.operators import queries
from app.crm.operators.tables import SoftphoneKind
from app.crm.queues.queries import set_memberships
from app.domain.errors import WordedRefusal
from app.domain.ids import OperatorId
from app.domain.operators import Membership, OperatorSettings
from app.pbx.realtime.softphones import SoftphoneAccount


class OperatorAlready(WordedRefusal, ValueError):  # noqa: N818 - named for what is so
    """This user is an operator already."""


async def make_profile(
    session: AsyncSession,
    id_: OperatorId,
    *,
    skills: Collection[str] = (),
    auto_answer: bool = False,
    browser: bool = False,
    memberships: Sequence[Membership] = (),
) -> OperatorSettings:
    """Make an active user an operator.

    Raises:
        OperatorAlready: they are.
        sqlalchemy.exc.IntegrityError: a queue is not there.
    """
    if await queries.get_softphone(session, id_) is not None:
        raise OperatorAlready("this user is an operator already")
    await queries.save_operator(session, id_, skills=frozenset(skills), auto_answer=auto_answer)
    kind = SoftphoneKind.BROWSER if browser else SoftphoneKind.SIP
    await queries.save_softphone(session, id_, endpoint=f"op{id_}", kind=kind)
    await set_memberships(session, id_, memberships)
    settings = await queries.get_operator(session, id_)
    assert settings is not None
    return settings


def account_of(
    settings: OperatorSettings,
    *,
    language: str,
    number: str = "",
    browser: bool = False,
    encrypted: bool = False,
) -> SoftphoneAccount:
    """The account of an operator's phone, its secret not made yet.

    Args:
        settings: the operator.
        language: of what the phone hears.
        number: the operator's own, digits; empty: none.
        browser: the phone is the browser.
        encrypted: SIP phones must encrypt their sound.
    """
    display = "".join(letter for letter in settings.name if letter.isprintable() and letter not in '"<>\\')
    return SoftphoneAccount(
        settings.endpoint,
        display=display,
        number=number,
        browser=browser,
        encrypted=encrypted,
        language=language,
    )
