from __future__ import annotations

from dataclasses import replace

import pytest

from support_cli.domain.effect import EffectState, call_hash, effect_id, ended, restarted
from tests.domain.tickets import at, effect


@pytest.mark.parametrize(
    ("state", "keyed", "unknown"),
    [
        (EffectState.STARTED, False, True),
        (EffectState.STARTED, True, False),
        (EffectState.DONE, False, False),
        (EffectState.FAILED, False, False),
        (EffectState.AGAIN, False, False),
    ],
)
def test_only_a_started_effect_without_a_key_is_unknown(
    state: EffectState, keyed: bool, unknown: bool
) -> None:
    assert replace(effect(state=state), keyed=keyed).unknown is unknown


@pytest.mark.parametrize("state", [EffectState.DONE, EffectState.FAILED, EffectState.AGAIN])
def test_an_effect_that_ends_keeps_its_result_and_when(state: EffectState) -> None:
    over = ended(effect(), state, "wiped", at(2))
    assert (over.state, over.result, over.ended_at) == (state, "wiped", at(2))
    assert over.operation == "op"


def test_an_effect_that_starts_once_more_has_no_result_and_another_operation() -> None:
    again = restarted(ended(effect(), EffectState.AGAIN, "", at(2)), "op-2", at(3), at(9))
    assert (again.state, again.operation, again.started_at) == (EffectState.STARTED, "op-2", at(3))
    assert (again.result, again.ended_at) == (None, None)


def test_the_key_of_an_effect_is_its_tickets_and_its_calls() -> None:
    assert effect_id("K7M2-9QXD", "call-1") == "K7M2-9QXD:call-1"


def test_a_call_with_another_tool_or_argument_has_another_hash() -> None:
    same = call_hash("wipe", {"a": 1, "b": 2})
    assert same == call_hash("wipe", {"b": 2, "a": 1})
    assert same != call_hash("wipe", {"a": 1, "b": "2"})
    assert same != call_hash("wiped", {"a": 1, "b": 2})
