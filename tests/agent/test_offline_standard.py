"""The offline model is a chat model as LangChain means it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from langchain_tests.unit_tests import ChatModelUnitTests

from support_cli.agent.offline import OfflineModel


@pytest.fixture
def benchmark() -> Callable[[Callable[[], None]], None]:
    """Run what LangChain's tests would measure; figures are no tests here."""
    return lambda measured: measured()


class TestOfflineModel(ChatModelUnitTests):
    """LangChain's own tests."""

    @property
    def chat_model_class(self) -> type[OfflineModel]:
        """Name the class."""
        return OfflineModel

    @property
    def chat_model_params(self) -> dict[str, Any]:
        """Give what it is made of."""
        return {"answer": lambda _: None}

    @property
    def has_tool_calling(self) -> bool:
        """Whether it can be told of tools."""
        return True

    @property
    def has_structured_output(self) -> bool:
        """Whether it fills in a schema: it answers, or asks a person."""
        return False
