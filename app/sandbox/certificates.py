"""The PBX's certificate for SIP over TLS: a given one, or a self-signed one."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.sandbox.packages import SandboxError
from app.sandbox.program import run

VALID_DAYS: Final = 3650
"""How long a self-signed certificate holds: phones must be told to trust each new one."""
OPENSSL_S: Final = 30.0


@dataclass(frozen=True)
class Certificate:
    """A certificate and its key, in PEM."""

    certificate: Path
    key: Path


async def own_certificate(folder: Path, host: str) -> Certificate:
    """Give the self-signed certificate of a folder; make it and its key if there is none.

    Args:
        folder: where it is kept; must exist.
        host: the address at which phones reach the PBX.

    Raises:
        SandboxError: `openssl` is not installed or fails.
    """
    made = Certificate(folder / "sip.crt", folder / "sip.key")
    if made.certificate.is_file() and made.key.is_file():
        return made
    openssl = shutil.which("openssl")
    if openssl is None:
        raise SandboxError(
            "openssl is needed to make a certificate; install it, or give a certificate and its key"
        )
    code, said = await run(
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", str(VALID_DAYS)),
            *("-subj", f"/CN={host}", "-addext", f"subjectAltName={_subject(host)}"),
            *("-keyout", str(made.key), "-out", str(made.certificate)),
        ],
        OPENSSL_S,
    )
    if code != 0:
        raise SandboxError(f"openssl could not make a certificate: {said.strip()[-200:]}")
    return made


def _subject(host: str) -> str:
    return f"IP:{host}" if host.replace(".", "").isdecimal() or ":" in host else f"DNS:{host}"
