"""Names: how they are shown and how they are searched, in any language."""

import unicodedata


def display_name(
    *, surname: str = "", given_name: str = "", patronymic: str = "", company_name: str = ""
) -> str:
    """Surname, given name, patronymic; or the company. What is empty is left out.

    >>> display_name(surname="Иванова", given_name="Анна", patronymic="Петровна")
    'Иванова Анна Петровна'
    """
    return " ".join(part for part in (surname, given_name, patronymic) if part) or company_name


def fold(text: str) -> str:
    """Text as it is searched: small letters, words parted by one space, nothing but letters and digits.

    Done here because SQLite's LOWER knows ASCII alone. `ё` is `е`, as most people type it.

    >>> fold("ÕUNAPUU, Mari-Liis"), fold("Королёв")
    ('õunapuu mari liis', 'королев')
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    folded = unicodedata.normalize("NFC", folded)
    kept = (letter if letter.isalnum() or unicodedata.combining(letter) else " " for letter in folded)
    return " ".join("".join(kept).split())
