"""Words around numbers: labels, words for extensions, "and", and words for things that are no telephone."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LABELS: Final = _words("""
tel telef telefon telefonid telefoni telefoninumber telephone telephones phone phones ph
mob mobiil mobiiltelefon mobile mobil cell cellphone gsm handy m t whatsapp viber signal callto direct main
kontakt kontakttelefon lauatelefon kodu kodus töö tööl isiklik home work office private
тел телефон телефоны моб мобильный мобил сот сотовый раб рабочий дом домашний т м
tālr tālrunis telefons mobilais mobīlais telefonas telefonai mobilus puh puhelin matkapuhelin matkapuh kännykkä
""")
"""Labels of telephones, which say nothing more."""
NUMBER: Final = _words("nr no num number numbrid номер numurs numeris numero nro")
"""Words for number. They are no labels of telephones: an order has a number, too."""
EXTENSION: Final = _words("""
ext extn extension x sise sisetelefon sisenumber sisenr lisa lisanumber alanumero
доб добавочный вн внутр внутренний iekšējais iekš vidinis vid
""")
"""Words before an extension, which is dialled after the call is answered."""
AND: Final = _words("ja või and or и или й un vai ir arba tai sekä oder und")
"""Words for and, or: another number follows."""
NO_TELEPHONE: Final = _words("""
arve arved arvenr tellimus tellimuse tellimusenr leping lepingu isikukood isikukoodi ik registrikood registrikoodi reg
rg regnr viide viitenumber viitenr konto iban kood koodi kliendikood kliendinumber id invoice order contract account
acct code ref reference passport pass korter krt tuba summa hind eur usd
счет счёт заказ заказа договор договора код инн кпп огрн паспорт сумма кв
rēķins rēķina pasūtījums līgums līguma sąskaita sutartis kodas kods asmens lasku tilaus
tilausnumero sopimus hetu
""")
"""Words after which digits are something else, such as an order or an invoice."""
FAX: Final = _words("faks faksi fax telefax telefaks fakss faksas факс")
"""Words for fax: digits after them are no telephone, and neither is a number right before them."""
_NO: Final = _words("""
ei mitte ära ärge vale vana not wrong old stop dont don never incorrect
не нельзя нет неверный неправильный неверно старый ne nav nezvanīt nezvaniet nepareizs vecs
neskambinti neskambinkite netinkamas senas neteisingas älä älkää väärä vanha nicht kein falsch alte
""")


def says_no(notes: str) -> bool:
    """Whether the words beside a number say that it must not be called, or is wrong.

    >>> says_no("ära helista"), says_no("Mari")
    (True, False)
    """
    return not _NO.isdisjoint(notes.casefold().split())
