"""The settings of the service; `settings_sources` reads them. `keskus settings` shows the text below a field.

Only `main` and `cli` read settings.
"""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, SecretStr, StringConstraints, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.crm.campaigns.rules import week_of
from app.domain.numbers import NumberKind
from app.numbers.facts import zone
from app.numbers.plans import is_country
from app.serving.addresses import Proxies
from app.system.networks import read_networks

PREFIX = "KESKUS__"
"""How the names of variables begin."""


class _Section(BaseModel, extra="forbid", use_attribute_docstrings=True):
    """A section of the settings; an unknown name is refused."""


def _country(code: str) -> str:
    if not is_country(code):
        raise ValueError("this is no country, such as EE")
    return code


class DatabaseSettings(_Section):
    """Where the records are kept."""

    url: SecretStr = SecretStr("sqlite+aiosqlite:///keskus.sqlite")
    """`sqlite+aiosqlite:///path` or `postgresql+asyncpg://user:password@host/name`."""
    spool: Path | None = None
    """The file where facts are kept while the database is away; put it where it stays over restarts.
    None: beside SQLite's file; with PostgreSQL `keskus.spool` in the working directory."""
    spool_mb: int = Field(1024, ge=1)
    """How large the spool may grow, in MiB; a call takes about 7 kB."""
    events_days: int = Field(730, ge=0)
    """How long the events of the audit log are kept, in days; 0: for ever."""


class ImportSettings(_Section):
    """Lists of leads from files."""

    folder: Path | None = None
    """The folder where files wait to be imported. None: beside SQLite's file; with PostgreSQL `keskus.imports` in the
    working directory."""
    mb: int = Field(256, ge=1)
    """How large a file may be, in MiB."""


class PrivacySettings(_Section):
    """Erasures of people."""

    ledger: Path | None = None
    """The file that remembers erasures, without names and numbers; keep it apart from backups, and bring it along when
    one is restored elsewhere. None: beside the spool."""


class PbxSettings(_Section):
    """How to reach Asterisk."""

    host: str = "127.0.0.1"
    """The address at which AMI listens."""
    port: int = Field(5038, ge=1, le=65535)
    """The port of AMI."""
    username: str = "keskus"
    """The AMI account."""
    secret: SecretStr = SecretStr("")
    """The password of the AMI account; none by default."""
    softphones_url: SecretStr = SecretStr("")
    """The database from which Asterisk reads softphone accounts and routes. Empty: the service writes none."""
    event_log_url: SecretStr = SecretStr("")
    """The database with Asterisk's own event log (CEL). Empty: records of calls not heard whole stay incomplete."""
    sounds: Path | None = None
    """The folder Asterisk plays sound files from (its global variable `KESKUS_SOUNDS`), as the service sees it: on one
    machine, or a volume they share. None: no sounds can be uploaded."""
    log: Path | None = None
    """Asterisk's log file, as the service sees it and may rename it: the service rotates it. None: it does not."""
    log_mb: int = Field(10, ge=1)
    """How large Asterisk's log file may grow, in MiB; four old ones are kept."""
    sip_address: str = "127.0.0.1:5060"
    """The address that operators' phones are told to register with."""
    sip_transport: Literal["udp", "tcp", "tls"] = "udp"
    """The transport that operators' phones are told to use; with `tls` their sound must be encrypted, too (SRTP)."""
    websocket_url: Annotated[str, StringConstraints(pattern=r"^wss?://[^\s?#]+$")] = "ws://127.0.0.1:8088/ws"
    """The address that phones in browsers are told to register with; `wss://` when the page comes by HTTPS."""
    ice_urls: list[Annotated[str, StringConstraints(pattern=r"^(stun|turns?):[^\s]+$")]] = []
    """STUN and TURN servers for phones in browsers, such as `turn:turn.example:3478`. None are needed where browsers
    reach the PBX directly."""
    turn_secret: SecretStr = SecretStr("")
    """The secret shared with the TURN servers (coturn's `static-auth-secret`). Empty: they ask for no credentials."""


class TrunkSettings(_Section):
    """What campaigns may place through one trunk."""

    channels: int = Field(30, ge=1, le=10_000)
    """Calls at one time."""
    calls_per_s: float = Field(5.0, gt=0, le=1000)
    """Calls a second."""


class DialingSettings(_Section):
    """What campaigns may place."""

    default: TrunkSettings = TrunkSettings()
    """Limits of each trunk that is not named in `trunks`."""
    trunks: dict[str, TrunkSettings] = {}
    """Limits of other trunks, by the PJSIP endpoint's name; in a variable as JSON: `{"carrier": {"channels": 60}}`."""


def _are_networks(networks: list[str]) -> list[str]:
    read_networks(networks)
    return networks


Networks = Annotated[list[str], AfterValidator(_are_networks)]
Digits = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{1,15}$")]
Endpoint = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_.-]*$", max_length=80)]
_USUAL_KINDS = (
    NumberKind.FIXED, NumberKind.MOBILE, NumberKind.FIXED_OR_MOBILE, NumberKind.VOIP, NumberKind.TOLL_FREE,
)  # fmt: skip


class RoleCallSettings(_Section):
    """Which numbers the users of a role may call from their phones."""

    kinds: list[NumberKind] = list(_USUAL_KINDS)
    """A number is called when its kind and its country are listed: `mobile`, `fixed`, `voip`, `toll_free`, ..."""
    countries: list[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]] | None = None
    """ISO 3166. None: the centre's own, `floor.region`."""
    prefixes: list[Digits] = []
    """Numbers that may be called whatever their kind and country: beginnings such as `+358`, or short numbers."""

    @field_validator("kinds")
    @classmethod
    def _never(cls, kinds: list[NumberKind]) -> list[NumberKind]:
        if {NumberKind.INVALID, NumberKind.EMERGENCY} & set(kinds):
            raise ValueError(
                "kinds must not name invalid or emergency: for the latter there is outgoing.emergency"
            )
        return kinds


class OutgoingSettings(_Section):
    """What operators' phones may call outside, by dialling and by transfers."""

    operator: RoleCallSettings = RoleCallSettings()
    """What operators may call."""
    supervisor: RoleCallSettings = RoleCallSettings()
    """What supervisors may call."""
    administrator: RoleCallSettings = RoleCallSettings()
    """What administrators may call."""
    calls_of_operator: int = Field(2, ge=0, le=1000)
    """Calls of one operator at one time."""
    calls: int = Field(20, ge=0, le=10_000)
    """Calls of all operators together, at one time."""
    money_of_operator: Decimal | None = Field(Decimal(20), ge=0)
    """What one operator's calls may cost a day, in the unit of the tariffs. None: no limit."""
    money: Decimal | None = Field(Decimal(100), ge=0)
    """What the calls of all operators together may cost a day."""
    hours: list[dict[str, Any]] = []
    """When calls may be made, as a campaign's: `[{"days": [1, 2, 3, 4, 5], "from": "08:00", "to": "20:00"}]`.
    Empty: at any time."""
    time_zone: str = ""
    """The time zone of the hours and of the day's money. Empty: that of `floor.region`."""
    emergency: bool = True
    """Whether emergency numbers may be called: at any hour, whatever was spent."""
    emergency_numbers: list[Digits] = []
    """Emergency numbers besides those of the country."""
    emergency_trunk: Endpoint = ""
    """The endpoint through which emergency numbers are called. Empty: `trunk`."""
    trunk: Endpoint = ""
    """The endpoint through which other numbers are called. Empty: as the PBX has it (`KESKUS_TRUNK`)."""
    caller_id: Digits | Literal[""] = ""
    """The number that is shown. Empty: the operator's own, and on a transfer the customer's."""
    longest_s: int = Field(14_400, ge=60, le=86_400)
    """How long one talk may last, in seconds."""
    away: list[Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{0,14}$")]] = []
    """Beginnings of numbers that the PBX dials while the service is away, one call a phone, beside emergency ones."""
    alarm_refusals: int = Field(5, ge=1, le=1000)
    """The number of refusals of one phone within `alarm_s` that raises an alarm."""
    alarm_s: float = Field(600.0, gt=0, le=86_400)
    """The time within which refusals are counted, in seconds."""

    @field_validator("hours")
    @classmethod
    def _are_hours(cls, hours: list[dict[str, Any]]) -> list[dict[str, Any]]:
        week_of(hours)
        return hours

    @field_validator("time_zone")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        if name and zone(name) is None:
            raise ValueError(f"there is no time zone {name}")
        return name


class HttpSettings(_Section):
    """Where the service listens."""

    host: str = "127.0.0.1"
    """The address at which HTTP listens."""
    port: int = Field(8000, ge=0, le=65535)
    """The port of HTTP; 0 takes a free one."""
    origins: list[str] = []
    """Other origins whose pages may open the websocket, such as `https://crm.example`."""
    https: bool = False
    """Browsers reach the service by HTTPS (a proxy in front): cookies are marked Secure."""
    proxies: list[str] = []
    """Addresses and networks of proxies in front, such as `10.0.0.5`: their `X-Forwarded-...` are believed."""
    connections: int = Field(4096, ge=16)
    """How many connections there may be at one time; no more than descriptors allow."""
    connections_per_address: int = Field(1024, ge=8)
    """Connections from one address, or one IPv6 /64, that is no proxy of ours."""

    websockets: int = Field(2_000, ge=2)
    """Desktops at one time; a tenth of the places are kept for supervisors and administrators."""
    websockets_per_user: int = Field(10, ge=1)
    """Desktops of one user."""
    websockets_per_address: int = Field(1_000, ge=1)
    """Desktops of operators at one address; a whole centre may share an address."""

    @field_validator("proxies")
    @classmethod
    def _addresses(cls, proxies: list[str]) -> list[str]:
        Proxies(proxies)
        return proxies


class AdminSettings(_Section):
    """The first administrator, `admin`, made when there is no user."""

    password: SecretStr | None = None
    """The first administrator's password, at least 10 characters; None: one is generated and shown once."""


class FloorSettings(_Section):
    """Routing."""

    identify_s: float = Field(0.25, ge=0, le=5)
    """How long a call waits for the contact base to say who calls, in seconds."""
    silent_s: int = Field(120, ge=0, le=86_400)
    """A waiting caller whose line has been silent for this long is let go, in seconds; 0: never."""
    waiting_by_trunk: int = Field(500, ge=0)
    """How many calls of one trunk may wait; one more hears that the line is busy. 0: no bound."""
    waiting_by_number: int = Field(10, ge=0)
    """How many calls of one caller's number may wait; 0: no bound."""
    break_minutes: dict[
        Annotated[str, StringConstraints(max_length=100)], Annotated[float, Field(gt=0, le=1440)]
    ] = {
        "lunch": 30,
        "rest": 10,
    }
    """How long breaks are meant to last, by reason, in minutes: pages show what is left. Other breaks last as long as
    they do. In a variable as JSON: `{"lunch": 30}`."""
    region: Annotated[str, AfterValidator(_country)] = "EE"
    """The country that numbers without a country code belong to."""


class WebhookSettings(_Section):
    """Events sent to other programs."""

    networks: Networks = []
    """Private networks to which webhooks may go, by `http`, too, such as `10.1.0.0/16`. Others go by `https` to public
    addresses alone."""
    days: int = Field(30, ge=0)
    """How long finished deliveries are kept, in days; 0: for ever."""


class CrmSettings(_Section):
    """The CRM that is asked who calls."""

    networks: Networks = []
    """Private networks in which the CRM may be asked, by `http`, too, such as `10.20.0.0/16`."""


class LogSettings(_Section):
    """What is logged, on standard error."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """The lowest level that is logged."""
    json_lines: bool = False
    """One JSON object a line."""


class Settings(BaseSettings):
    """All settings of the service."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", use_attribute_docstrings=True
    )

    database: DatabaseSettings = DatabaseSettings()
    """Where the records are kept."""
    pbx: PbxSettings = PbxSettings()
    """How to reach Asterisk."""
    http: HttpSettings = HttpSettings()
    """Where the service listens."""
    admin: AdminSettings = AdminSettings()
    """The first administrator, `admin`, made when there is no user."""
    floor: FloorSettings = FloorSettings()
    """Routing."""
    imports: ImportSettings = ImportSettings()
    """Lists of leads from files."""
    privacy: PrivacySettings = PrivacySettings()
    """Erasures of people."""
    dialing: DialingSettings = DialingSettings()
    """What campaigns may place."""
    outgoing: OutgoingSettings = OutgoingSettings()
    """What operators' phones may call outside, by dialling and by transfers."""
    webhooks: WebhookSettings = WebhookSettings()
    """Events sent to other programs."""
    crm: CrmSettings = CrmSettings()
    """The CRM that is asked who calls."""
    log: LogSettings = LogSettings()
    """What is logged, on standard error."""
