"""Whom to tell of a hole in the site: RFC 9116."""

from __future__ import annotations

from datetime import date

MONTHS = 11


def security_txt(contact: str, canonical: str, language: str, today: date) -> str:
    """The file security.txt. It is good for less than a year (RFC 9116, section 2.5.5), and renewed monthly."""
    months = today.year * 12 + today.month - 1 + MONTHS
    languages = ", ".join(dict.fromkeys([language, "en"]))
    return (
        f"Contact: {uri(contact)}\n"
        f"Expires: {months // 12:04}-{months % 12 + 1:02}-01T00:00:00Z\n"
        f"Preferred-Languages: {languages}\n"
        f"Canonical: {canonical}\n"
    )


def uri(contact: str) -> str:
    """An e-mail or web address as a URI."""
    if contact.startswith(("https://", "http://", "mailto:", "tel:")):
        return contact
    return f"mailto:{contact}" if "@" in contact else f"https://{contact}"
