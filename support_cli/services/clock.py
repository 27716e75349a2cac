"""The system's clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """Tell the time, in UTC."""
        return datetime.now(UTC)

    def sleep(self, span: timedelta) -> None:
        """Let a span of time pass."""
        time.sleep(span.total_seconds())
