"""What strangers wrote comes in without controls and marks, wherever it comes in."""

import sys
import unicodedata

from app.domain.ids import CallId, ChannelId, OfferId, OperatorId
from app.floor.commands import OfferCall
from app.pbx.format import format_order
from app.pbx.text import decoded, without_marks


def test_no_letter_of_the_categories_is_left_and_no_other_is_lost() -> None:
    kept = "\t\r\n"
    for point in range(sys.maxunicode + 1):
        letter = chr(point)
        category = unicodedata.category(letter)
        if category in ("Cf", "Cc", "Zl", "Zp"):
            assert without_marks(letter) == (letter if letter in kept else ""), hex(point)
        elif category not in ("Cn", "Cs"):  # what Unicode has not given yet is nobody's name
            assert without_marks(letter) == letter, hex(point)


def test_bytes_are_read_the_same() -> None:
    text = "Event: X\r\nCallerIDName: Õ\u202e\x07\x1b[31m\x7f\x85Ж 你\r\n"
    assert decoded(text.encode()) == "Event: X\r\nCallerIDName: Õ[31mЖ 你\r\n"
    assert decoded(b"caf\xe9") == "caf\ufffd"


def test_a_contacts_name_goes_to_the_phone_without_them() -> None:
    order = OfferCall(
        CallId("1"),
        OfferId(1),
        channel=ChannelId("1"),
        operator=OperatorId(1),
        endpoint="op1",
        ring_s=20,
        auto_answer=False,
        caller_name="Ma\u202eri\0 \nÕun",
    )
    assert format_order(order)[1]["Value"] == "Mari Õun"
