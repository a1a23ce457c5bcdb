"""The picture by which an app takes a phone's account: a QR code, in the format of Grandstream's Wave."""

from xml.sax.saxutils import escape


def account_code(username: str, secret: str, address: str, name: str) -> list[str]:
    """The QR code of an account.

    Args:
        username: the account's name.
        secret: its password.
        address: the server, with a port or without.
        name: the operator's, which the app shows.

    Returns:
        a line for each row of squares, `1` for a dark one; all lines are of one length.
    """
    import segno  # noqa: PLC0415 - only where an account is shown

    fields = {
        "RegisterServer": address,
        "UserID": username,
        "AuthID": username,
        "AuthPass": secret,
        "AccountName": username,
        "DisplayName": name,
    }
    said = "".join(f"<{field}>{escape(value)}</{field}>" for field, value in fields.items())
    account = f'<AccountConfig version="1"><Account>{said}</Account></AccountConfig>'
    code = segno.make(f'<?xml version="1.0" encoding="utf-8"?>{account}', error="l", micro=False)
    return ["".join("1" if dark else "0" for dark in row) for row in code.matrix]
