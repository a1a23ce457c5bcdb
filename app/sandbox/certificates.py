"""The certificate with which the PBX speaks SIP over TLS: one that is given, or one of its own making."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.sandbox.packages import SandboxError
from app.sandbox.program import run

VALID_DAYS: Final = 3650
"""Phones are told to trust this very certificate; a short life would only make them be told again."""
OPENSSL_S: Final = 30.0


@dataclass(frozen=True)
class Certificate:
    """A certificate and its key, in PEM."""

    certificate: Path
    key: Path


async def own_certificate(folder: Path, host: str) -> Certificate:
    """Give the certificate of a folder; make it, and its key, when there is none.

    Args:
        folder: where it is kept; it is there.
        host: the address that phones are told.

    Raises:
        SandboxError: there is no `openssl` to make one with.
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
