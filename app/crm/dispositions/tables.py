"""How a campaign's calls may come out."""

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import Json, Row


class DispositionRow(Row, table=True):
    """What an operator says a call of a campaign came to."""

    __tablename__ = "disposition"
    __table_args__ = (UniqueConstraint("campaign_id", "code"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("campaign.id", ondelete="CASCADE"), nullable=True)
    )
    """None: for every campaign."""
    code: str = Field(max_length=40)
    title: str
    titles: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    """By language, for those who read it; `title` for the others."""
    human: bool = True
    """A person was reached."""
    sale: bool = False
    do_not_call: bool = False
    """The customer is not to be called again."""
    callback: bool = False
    """The customer asked to be called at another time."""
    unworkable: bool = False
    """This lead cannot lead to anything; it is not dialled again."""
    answering_machine: bool = False
    """It was a machine, whatever the detector said."""
    position: int = 0
    """Where it stands in the list."""
    active: bool = True


describe(DispositionRow, "disposition", reads=Permission.DISPOSITIONS_READ)
