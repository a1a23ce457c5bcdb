"""Names: how they are shown and how they are searched, in any language."""

import unicodedata


def display_name(
    *, surname: str = "", given_name: str = "", patronymic: str = "", company_name: str = ""
) -> str:
    """Surname, given name and patronymic, without the empty ones; if all are empty, the company name.

    >>> display_name(surname="Иванова", given_name="Анна", patronymic="Петровна")
    'Иванова Анна Петровна'
    """
    return " ".join(part for part in (surname, given_name, patronymic) if part) or company_name


def fold(text: str) -> str:
    """Text in the form that searches compare: small letters and digits, words separated by one space.

    Done here because SQLite's LOWER knows ASCII only. `ё` becomes `е`, as most people type it.

    >>> fold("ÕUNAPUU, Mari-Liis"), fold("Королёв")
    ('õunapuu mari liis', 'королев')
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    folded = unicodedata.normalize("NFC", folded)
    kept = (letter if letter.isalnum() or unicodedata.combining(letter) else " " for letter in folded)
    return " ".join("".join(kept).split())
