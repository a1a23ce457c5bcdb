"""`keskus user`: who may log in, changed on the database itself."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.commands import app
from app.crm.departments.tables import DepartmentRow
from app.crm.inbound_routes.tables import RouteRow
from app.records.base import Row
from app.records.engine import open_engine, writing

RUNNER = CliRunner()
PROGRAM = str(Path(sys.executable).parent / "keskus")
PASSWORD = "kevadine metsarada"


class House:
    """A database of its own, asked by the commands."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "keskus.sqlite"
        self.accounts = folder / "realtime.sqlite"
        self.accounts.touch()

    def run(self, *command: str, said: str = "") -> tuple[int, str]:
        """Run `keskus user ...` with these lines typed; give its exit status and what it said."""
        done = RUNNER.invoke(app, ["user", *command], input=said, env=self.settings)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output

    @property
    def settings(self) -> dict[str, str]:
        return {
            "COLUMNS": "200",
            "KESKUS__DATABASE__URL": f"sqlite:///{self.file}",
            "KESKUS__PBX__SOFTPHONES_URL": f"sqlite:///{self.accounts}",
        }

    def told(self, *command: str, said: str = "") -> str:
        status, output = self.run(*command, said=said)
        assert status == 0, output
        return output

    def refused(self, *command: str, said: str = "") -> str:
        status, output = self.run(*command, said=said)
        assert status == 2, output
        return output

    def keep(self, *rows: Row) -> None:
        async def work() -> None:
            engine = open_engine(f"sqlite:///{self.file}")
            async with writing(engine) as session:
                session.add_all(rows)
            await engine.dispose()

        asyncio.run(work())

    def value(self, query: str, *values: object) -> object:
        with closing(sqlite3.connect(self.file)) as database:
            return database.execute(query, values).fetchone()[0]

    def write(self, query: str) -> None:
        with closing(sqlite3.connect(self.file)) as database, database:
            database.execute(query)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """With the administrator `juhan` and the operator `mari`."""
    made = House(tmp_path)
    made.told("add", "juhan", "--role", "administrator", said=f"{PASSWORD}\n{PASSWORD}\n")
    made.told("add", "Mari", "--name", "Mari Maasikas", said=f"\n{PASSWORD}\n{PASSWORD}\n")
    return made


def test_the_least_role_is_what_is_given_when_nothing_is_said(house: House) -> None:
    assert house.value("SELECT role FROM user_account WHERE username = 'mari'") == "operator"
    house.told("add", "tiina", said=f"supervisor\n{PASSWORD}\n{PASSWORD}\n")
    listed = house.told("list")
    rows = {line.split()[0]: line for line in listed.splitlines()[1:] if line.strip()}
    assert "Mari Maasikas" in rows["mari"]
    assert "operator" in rows["mari"]
    assert "supervisor" in rows["tiina"]
    assert "administrator" in rows["juhan"]
    assert "there is a user of that name" in house.refused("add", "MARI", said=f"\n{PASSWORD}\n{PASSWORD}\n")
    assert "no blanks" in house.refused("add", "mari mets", said=f"\n{PASSWORD}\n{PASSWORD}\n")
    assert "easily guessed" in house.refused("add", "peeter", said="\npassword2026\npassword2026\n")


def test_a_process_without_a_terminal_reads_passwords_from_its_input(house: House) -> None:
    done = subprocess.run(
        [PROGRAM, "user", "add", "tiina", "--role", "supervisor"],
        input=f"{PASSWORD}\n{PASSWORD}\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        start_new_session=True,
        env={"PATH": "/usr/bin:/bin", **house.settings},
    )
    assert done.returncode == 0, done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    assert "supervisor" in house.told("list").partition("tiina")[2].splitlines()[0]


def test_who_is_disabled_has_neither_session_nor_phone_and_comes_back(house: House) -> None:
    id_ = house.value("SELECT id FROM user_account WHERE username = 'mari'")
    house.write(f"INSERT INTO operator (id, skills, auto_answer) VALUES ({id_}, '[]', 0)")
    house.write(f"INSERT INTO softphone (endpoint, operator_id, kind) VALUES ('op{id_}', {id_}, 'sip')")
    house.write(
        "INSERT INTO session (token_hash, user_id, kind, name, created_at, last_seen_at)"
        f" VALUES ('x', {id_}, 'token', 'CRM', '2026-01-01', '2026-01-01')"
    )
    assert f"op{id_}" in house.told("list")
    house.keep(
        RouteRow(number="101", kind="operator", target=str(id_)),
        DepartmentRow(
            title="Repairs", time_zone="Europe/Tallinn", reach_kind="operator", reach_target=str(id_)
        ),
    )
    assert "Repairs" in house.refused("disable", "mari"), "calls of the department go to her"
    assert house.value("SELECT count(*) FROM session") == 1
    house.told("disable", "mari", "--anyway")
    assert house.value("SELECT count(*) FROM session") == 0
    assert "no" in house.told("list").split("mari", 1)[1].splitlines()[0].split()
    with closing(sqlite3.connect(house.accounts)) as database:
        assert database.execute("SELECT count(*) FROM ps_endpoints").fetchone() == (0,)
    house.told("enable", "mari")
    assert house.value("SELECT active FROM user_account WHERE username = 'mari'") == 1


def test_a_password_is_made_up_and_a_role_and_a_name_are_changed(house: House) -> None:
    before = house.value("SELECT password_hash FROM user_account WHERE username = 'mari'")
    password = house.told("reset", "mari").splitlines()[-1]
    assert len(password) >= 20
    assert house.value("SELECT password_hash FROM user_account WHERE username = 'mari'") != before
    house.told("password", "mari", said=f"{PASSWORD}\n{PASSWORD}\n")
    house.told("change", "mari", "--role", "supervisor", "--name", "Mari Mets")
    assert (
        house.value("SELECT role || display_name FROM user_account WHERE username = 'mari'")
        == "supervisorMari Mets"
    )
    assert "nothing to change" in house.refused("change", "mari")
    assert "there is no user maria" in house.refused("reset", "maria")


def test_a_role_that_an_administrator_made_is_given_and_no_other(house: House) -> None:
    house.write(
        "INSERT INTO role (name, title, permissions, phone) "
        "VALUES ('team_lead', 'Meeskonnajuht', '[\"own\"]', 'operator')"
    )
    house.told("change", "mari", "--role", "team_lead")
    assert house.value("SELECT role FROM user_account WHERE username = 'mari'") == "team_lead"
    refused = house.refused("change", "mari", "--role", "boss")
    assert "there is no role boss; there are operator, supervisor, administrator, team_lead" in refused
    assert "no role boss" in house.refused("add", "tiina", "--role", "boss", said=f"{PASSWORD}\n{PASSWORD}\n")


def test_the_last_administrator_stays(house: House) -> None:
    for command in (["disable", "juhan"], ["change", "juhan", "--role", "operator"]):
        assert "the last administrator must stay" in house.refused(*command)
    assert house.value("SELECT active FROM user_account WHERE username = 'juhan'") == 1
    assert house.value("SELECT role FROM user_account WHERE username = 'juhan'") == "administrator"


def test_a_user_is_made_an_operator_with_a_phone(house: House) -> None:
    told = house.told("change", "mari", "--operator")
    id_ = house.value("SELECT id FROM user_account WHERE username = 'mari'")
    assert f"name op{id_}, secret " in told
    with closing(sqlite3.connect(house.accounts)) as database:
        assert database.execute("SELECT id, callerid FROM ps_endpoints").fetchall() == [
            (f"op{id_}", f'"Mari Maasikas" <op{id_}>')
        ]
        (secret,) = database.execute("SELECT password FROM ps_auths").fetchone()
    assert secret in told
    assert f"op{id_}" in house.told("list")
    assert "an operator already" in house.refused("change", "mari", "--operator")
    assert "there is no queue nowhere" in house.refused("change", "juhan", "--operator", "--queue", "nowhere")
    assert house.value("SELECT count(*) FROM operator") == 1
