"""Ticket ids: 8 characters of Crockford's base 32 in two groups, `K7M2-9QXD`.

Source of the alphabet and of the letters read as digits: https://www.crockford.com/base32.html
"""

from __future__ import annotations

import secrets

from support_cli.errors import NotFound

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("ILO", "110")
_LENGTH = 8


def new_ticket_id() -> str:
    """Draw a random ticket id (40 bits from the system's entropy)."""
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(_LENGTH)))


def parse_ticket_id(text: str) -> str:
    """Read an id as people type it: any case, with or without the dash.

    Raises:
        NotFound: the text cannot be an id, so no ticket has it.
    """
    plain = text.strip().upper().replace("-", "").translate(_READ_AS)
    if len(plain) != _LENGTH or any(letter not in ALPHABET for letter in plain):
        raise unknown_ticket(text)
    return _grouped(plain)


def unknown_ticket(text: str) -> NotFound:
    """Build the one answer for a ticket that does not exist or is somebody else's."""
    return NotFound(f"There is no ticket {text}.", hint="support list")


def _grouped(plain: str) -> str:
    return f"{plain[:4]}-{plain[4:]}"
