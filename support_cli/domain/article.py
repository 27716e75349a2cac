"""A knowledge article: what the agent may answer from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Article:
    """One Markdown article. `terms` are the words it is found by (see domain.terms)."""

    id: str
    title: str
    text: str
    terms: tuple[str, ...]
    at: datetime
    by: str
    version: int = 0
