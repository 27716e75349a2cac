"""Asking the model's server whether it answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from support_cli.agent.build import silence_tracing
from support_cli.agent.model_failures import reason_for
from support_cli.agent.models import build_model
from support_cli.agent.offline import OfflineModel
from support_cli.errors import SupportError
from support_cli.settings import Settings

_PATIENCE = timedelta(seconds=10)  # for one try
_QUESTION = "Answer with the word OK."


def probe(settings: Settings) -> None:
    """Ask the model for a word.

    Raises:
        SupportError: it does not answer; the sentence says why, in our words.
    """
    silence_tracing(settings)
    brief = replace(settings, model_timeout=min(settings.model_timeout, _PATIENCE))
    model = build_model(brief, OfflineModel(answer=lambda _: None))
    try:
        model.invoke(_QUESTION)
    except SupportError:
        raise
    except Exception as error:
        raise SupportError(reason_for(error)) from error
