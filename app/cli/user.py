"""`keskus user`: changes users in the database itself, also when nobody can log in.

A running service notices the changes within seconds (`app.service.configuration`, `app.service.user_watch`).
"""

import secrets
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from functools import partial
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.accounts.hashing import hash_password
from app.accounts.queries import find_user, list_users, remove_sessions
from app.accounts.roles import EVERYTHING, check_gift
from app.accounts.service import change_user, create_user
from app.accounts.tables import UserRow
from app.api.schemas import Title
from app.cli.base import console, fail, settings_or_fail, with_engine
from app.crm.operators.service import account_of, list_operators, make_operator
from app.crm.users.schemas import Username
from app.crm.ways.service import ways_kept
from app.domain.actors import COMMAND_LINE
from app.domain.ids import OperatorId, QueueId
from app.domain.operators import Membership
from app.domain.roles import Role
from app.pbx.realtime.softphones import SoftphoneAccount, SoftphoneStore, account_name
from app.records.engine import reading, writing
from app.service.starting import SOFTPHONES, needing
from app.system import clock

user = typer.Typer(help="Who may log in.", no_args_is_help=True)

_USERNAME: TypeAdapter[str] = TypeAdapter(Username)
_TITLE: TypeAdapter[str] = TypeAdapter(Title)
Name = Annotated[str, typer.Argument(help="The username.")]


@user.command("list")
def show_users() -> None:
    """List all users: role, whether they may log in, and an operator's phone."""

    async def work(engine: AsyncEngine) -> Table:
        async with reading(engine) as session:
            users = await list_users(session)
            phones = {int(one.id): one.endpoint for one in await list_operators(session)}
        table = Table(box=None)
        for column in ("username", "name", "role", "may log in", "phone"):
            table.add_column(column)
        for row in users:
            in_use = "yes" if row.active else "no"
            table.add_row(row.username, row.display_name, row.role, in_use, phones.get(row.id or 0, ""))
        return table

    console.print(with_engine(work), markup=False)


@user.command("add")
def add_user(
    username: Name,
    role: Annotated[
        str, typer.Option(prompt="Role (operator, supervisor, administrator)", help="What they may do.")
    ] = Role.OPERATOR.value,
    name: Annotated[str, typer.Option(help="As others see it; the username where none is given.")] = "",
) -> None:
    """Make a user; asks for role and password. `keskus user change NAME --operator` lets the user take calls."""
    username = _fits(_USERNAME, username, "a username has 1 to 100 characters and no blanks")
    name = _fits(_TITLE, name or username, "a name has 1 to 100 characters")
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)

    async def work(engine: AsyncEngine) -> None:
        password_hash = await hash_password(password, username, name)
        async with writing(engine, COMMAND_LINE) as session:
            await check_gift(session, role, EVERYTHING)
            await create_user(
                session,
                username=username,
                password_hash=password_hash,
                role=role,
                display_name=name,
                at=clock.utc_now(),
            )

    with_engine(work)
    console.print(f"{username} may log in as {role}.", markup=False)


@user.command("password")
def set_password(username: Name) -> None:
    """Set a user's password; asks for it. All the user's sessions and tokens end."""
    _renew(username, typer.prompt("New password", hide_input=True, confirmation_prompt=True))
    console.print(f"The password of {username} was changed.", markup=False)


@user.command("reset")
def reset_password(username: Name) -> None:
    """Set a user's password to a random one, shown this once. All the user's sessions and tokens end."""
    password = secrets.token_urlsafe(15)
    _renew(username, password)
    console.print(f"{username} logs in with this password, which is shown this once:", markup=False)
    console.out(password, highlight=False)


@user.command("change")
def alter_user(
    username: Name,
    role: Annotated[str | None, typer.Option(help="What they may do from now on.")] = None,
    name: Annotated[str | None, typer.Option(help="As others see it.")] = None,
    operator: Annotated[bool, typer.Option("--operator", help="Let them take calls, by a phone.")] = False,
    queue: Annotated[
        list[str] | None, typer.Option(help="With --operator: of this queue; may be repeated.")
    ] = None,
) -> None:
    """Change a user's role or name, or make the user an operator. A new role ends the user's sessions and tokens."""
    if role is None and name is None and not operator:
        fail("nothing to change: give --role, --name or --operator")
    shown = None if name is None else _fits(_TITLE, name, "a name has 1 to 100 characters")
    made: list[OperatorId] = []
    if operator:
        with_engine(_see_accounts)

    async def change(session: AsyncSession, row: UserRow) -> None:
        assert row.id is not None
        if role is not None:
            await check_gift(session, role, EVERYTHING)
        await change_user(session, row.id, role=role, display_name=shown)
        if operator:
            made.append(await _make_operator(session, row, queue or []))
        if role is not None:
            await remove_sessions(session, row.id)

    row = _change(username, change)
    console.print(f"{row.username} is {row.display_name}, {row.role}.", markup=False)
    for id_ in made:
        pbx = settings_or_fail().pbx
        phone = with_engine(partial(_give_phone, operator=id_))
        console.print(f"Their phone registers with {pbx.sip_address} ({pbx.sip_transport}), shown this once:")
        console.out(f"  name {phone.name}, secret {phone.secret}", highlight=False)


async def _see_accounts(_: AsyncEngine) -> None:
    """See that accounts of phones can be written, before a user is made an operator."""
    url = settings_or_fail().pbx.softphones_url.get_secret_value()
    if not url:
        fail("KESKUS__PBX__SOFTPHONES_URL is not set: where are phones' accounts?")
    with needing(SOFTPHONES):
        async with SoftphoneStore(url) as store:
            await store.check()


async def _make_operator(session: AsyncSession, row: UserRow, queues: list[str]) -> OperatorId:
    """Write the operator's profile and queues; the phone's account follows from them."""
    memberships = [Membership(QueueId(one)) for one in queues]
    return (await make_operator(session, row.id or 0, memberships=memberships)).id


async def _give_phone(engine: AsyncEngine, operator: OperatorId) -> SoftphoneAccount:
    """Write the account of an operator's phone with a new secret; a running service may have written one already."""
    pbx = settings_or_fail().pbx
    async with reading(engine) as session:
        account = await account_of(session, operator, encrypted=pbx.sip_transport == "tls")
    with needing(SOFTPHONES):
        async with SoftphoneStore(pbx.softphones_url.get_secret_value()) as store:
            return await store.put(account)


@user.command("disable")
def disable_user(
    username: Name,
    anyway: Annotated[bool, typer.Option("--anyway", help="Even if callers get nowhere then.")] = False,
) -> None:
    """Stop a user from logging in: sessions, tokens and the phone's account end. Records keep the name.

    Refused where calls of a department go to the user alone, without --anyway: for an account that was stolen.
    """

    async def change(session: AsyncSession, row: UserRow) -> None:
        assert row.id is not None
        async with nullcontext() if anyway else ways_kept(session):
            await change_user(session, row.id, active=False)

    row = _change(username, change)
    url = settings_or_fail().pbx.softphones_url.get_secret_value()
    if url:
        with_engine(lambda _: _take_phone(url, OperatorId(row.id or 0)))
    console.print(f"{username} may log in no more.", markup=False)


async def _take_phone(url: str, operator: OperatorId) -> None:
    with needing(SOFTPHONES):
        async with SoftphoneStore(url) as store:
            await store.remove(account_name(operator))


@user.command("enable")
def enable_user(username: Name) -> None:
    """Let a user log in again; an operator's phone needs a new secret, given over the interface."""

    async def change(session: AsyncSession, row: UserRow) -> None:
        assert row.id is not None
        await change_user(session, row.id, active=True)

    _change(username, change)
    console.print(f"{username} may log in again, with the password of before.", markup=False)


def _renew(username: str, password: str) -> None:
    async def work(engine: AsyncEngine) -> None:
        async with reading(engine) as session:
            found = await _find(session, username)
        assert found.id is not None
        password_hash = await hash_password(password, found.username, found.display_name)
        async with writing(engine, COMMAND_LINE) as session:
            await change_user(session, found.id, password_hash=password_hash)

    with_engine(work)


def _change(username: str, change: Callable[[AsyncSession, UserRow], Awaitable[None]]) -> UserRow:
    async def work(engine: AsyncEngine) -> UserRow:
        async with writing(engine, COMMAND_LINE) as session:
            row = await _find(session, username)
            await change(session, row)
            return row

    return with_engine(work)


async def _find(session: AsyncSession, username: str) -> UserRow:
    found = await find_user(session, username)
    if found is None:
        fail(f"there is no user {username}; 'keskus user list' tells who there is")
    return found


def _fits(kind: TypeAdapter[str], text: str, rule: str) -> str:
    try:
        return kind.validate_python(text)
    except ValidationError:
        fail(f"{text!r} cannot be used: {rule}")
