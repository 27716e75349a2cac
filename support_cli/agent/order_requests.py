"""What the offline model does about orders: only what was asked for plainly, after a look at it.

One message, one order, one thing to do. Everything else goes to a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from support_cli.agent.assistance import since_customer, turn

CONFIDENCE = 0.9
_LOOK = "get_order"
_ORDER = re.compile(r"\b[A-Z]{2,5}-\d{2,8}\b", re.IGNORECASE)
_NUMBER = r"(?P<{}>\d{{1,9}}(?:\.\d{{1,3}})?)"
_SIGNS: Mapping[str, str] = {"€": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "£": "GBP"}
_AMOUNT = re.compile(
    rf"(?P<before>€|\$|£|\beur |\busd |\bgbp ) ?{_NUMBER.format('a')}(?![\w.,-]*\d)"
    rf"|(?<![\w.,-]){_NUMBER.format('b')} ?(?P<after>€|\$|£|euros?\b|[a-z]{{3}}\b)"
    r"|(?<![\w.,-])(?P<c>\d{1,9}\.\d{2})(?![\w-]|[.,]\d)"
    rf"|\bby {_NUMBER.format('d')}(?![\w.,-]*\d)",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-Z]{3}")
_WORDS = ("FOR", "OFF")  # that may stand where a currency would
_REFUNDABLE = re.compile(r"^refundable: (\S+) ([A-Z]{3})$", re.MULTILINE)
_REASON = 500  # characters of the customer's words that are given as the reason
_POLITE = (
    r"(?:(?:hello|hi|hey)\W+)?(?:i(?:'d| would) like (?:you )?to |i want (?:you )?to |"
    r"(?P<asking>(?:can|could|would) you (?:please )?)|please |kindly )?"
)
_WANTS = r"(?:i want|i need|i(?:'d| would) like) (?:a|my) refund for"
_ASKS: Mapping[str, re.Pattern[str]] = {
    "refund_order": re.compile(rf"{_POLITE}refund\b|{_WANTS}\b"),
    "cancel_order": re.compile(rf"{_POLITE}cancel\b"),
    "adjust_price": re.compile(rf"{_POLITE}(?:lower|reduce|adjust) the price\b"),
}
_DOUBT = re.compile(
    r"\b(not|don't|dont|never|no longer|unless|if|or|instead|maybe|except|but|other|both|all|half"
    r"|exchange|replace|credit|voucher|card|percent|everything|also|too|and|items?|one of|part of"
    r"|rest)\b|%|\?.*\w"
)
_REFUSED = re.compile(r"^Refused: (.*) Do not propose it again\.$", re.DOTALL)
_REJECTED = re.compile(r"^A person rejected this call\. Reason: (.*)\. Do not propose", re.DOTALL)
_ANSWERED = "The call was not made. A person answered instead: "
_RESULT = re.compile(r"^A person changed this call .* Result: (.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Request:
    """What a customer plainly asks for. `amount` is None where it was not said.

    `currency` is the one that was said with it, if any.
    """

    tool: str
    order: str
    amount: str | None
    currency: str | None
    reason: str

    def args(self, refundable: str) -> dict[str, Any]:
        """Write the arguments of the call, with what remains where no amount was said."""
        args = {"order_id": self.order, "reason": self.reason, "confidence": CONFIDENCE}
        if self.tool == "cancel_order":
            return args
        return args | {"amount": self.amount or refundable}


def understood(text: str) -> Request | None:
    """Read a message as a request about one order; None where there is any doubt."""
    plain = " ".join(text.replace("\u2019", "'").split())
    lowered = plain.lower()
    asked = [(tool, found) for tool, ask in _ASKS.items() if (found := ask.match(lowered))]
    orders = {found.upper() for found in _ORDER.findall(plain)}
    if len(asked) != 1 or len(orders) != 1 or _DOUBT.search(lowered):
        return None
    tool, how = asked[0]
    if lowered.endswith("?") and not how["asking"]:
        return None
    rest = _ORDER.sub(" ", plain)
    amounts = list(_AMOUNT.finditer(rest))
    # A number that is no amount may be a quantity, a date, or an amount that was misread.
    if re.search(r"\d", _AMOUNT.sub(" ", rest)) or len(amounts) > (tool != "cancel_order"):
        return None
    if tool == "adjust_price" and not amounts:
        return None
    amount, currency = _said(amounts[0]) if amounts else (None, None)
    return Request(tool, orders.pop(), amount, currency, plain[:_REASON])


def _said(found: re.Match[str]) -> tuple[str, str | None]:
    amount = next(found[name] for name in "abcd" if found[name])
    sign = (found["before"] or found["after"] or "").strip().lower()
    currency = _SIGNS.get(sign, sign.upper() if _CODE.fullmatch(sign.upper()) else None)
    return amount, None if currency in _WORDS else currency


def next_turn(messages: Sequence[BaseMessage]) -> AIMessage | None:
    """Take the next step of an order request; None where this is none, or a person should go on."""
    heard = turn(messages)
    if heard and all(isinstance(message, HumanMessage) for message in heard):
        request = understood("\n".join(message.text for message in heard))
        return None if request is None else _call(_LOOK, {"order_id": request.order})
    if len(heard) != 1 or not isinstance(heard[0], ToolMessage):
        return None
    result = heard[0]
    return _effect(messages, result) if result.name == _LOOK else _told(result)


def _effect(messages: Sequence[BaseMessage], looked: ToolMessage) -> AIMessage | None:
    said = _last_said(messages)
    request = understood(said) if said else None
    refundable = _REFUNDABLE.search(looked.text)
    if request is None or refundable is None or looked.status == "error":
        return None
    if request.currency not in (None, refundable[2]):
        return None
    return _call(request.tool, request.args(refundable[1]))


def _told(result: ToolMessage) -> AIMessage | None:
    """Tell the customer what became of the request; None where a person should."""
    if result.name not in _ASKS:
        return None
    text = result.text
    if result.status != "error":
        rejected, changed = _REJECTED.match(text), _RESULT.match(text)
        if rejected:
            return _saying(f"We cannot do this. {_sentence(rejected[1])}")
        if text.startswith(_ANSWERED):
            return _saying(text.removeprefix(_ANSWERED))
        return _saying(f"Done. {changed[1] if changed else text}")
    refused = _REFUSED.match(text)
    return None if refused is None else _saying(f"We cannot do this. {refused[1]}")


def _last_said(messages: Sequence[BaseMessage]) -> str | None:
    """Return what the customer said last, if nothing was done about it but to look."""
    done = [each for each in since_customer(messages) if isinstance(each, ToolMessage)]
    if any(each.name != _LOOK for each in done):
        return None
    ends = len(messages) - len(since_customer(messages))
    said: list[str] = []
    for message in reversed(messages[:ends]):
        if not isinstance(message, HumanMessage):
            break
        said.insert(0, message.text)
    return "\n".join(said)


def _sentence(reason: str) -> str:
    return "" if reason == "none given" else f"{reason.rstrip('.')}."


def _call(name: str, args: dict[str, Any]) -> AIMessage:
    calls = [{"name": name, "args": args, "id": "offline"}]
    return AIMessage("", tool_calls=calls, response_metadata={"finish_reason": "tool_calls"})


def _saying(text: str) -> AIMessage:
    return AIMessage(text.strip(), response_metadata={"finish_reason": "stop"})
