"""The reasons customers give, as a closed vocabulary around what may be wrong.

A reason says in known words that something is wrong with an order. Phrases for what is wrong become
one word each; what stands around them must be known as well. Wishes, money, conditions, times to
come and bare negations are no part of the vocabulary, so they cannot hide in a reason.
"""

from __future__ import annotations

import re

from support_cli.agent import request_faults as faults
from support_cli.agent.request_goods import is_goods


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_AROUND = _words("""
    it this these those them they that i we you he she me us him her my our your the a an and which
    there is was are were has have had been be got get getting came come comes arrived arrive
    same total complete stuff buy buys seller
    arrives delivered received receive ordered bought purchased placed sent shipped opened unpacked
    looks look looked seems seem seemed appears feels feel felt turned turns gets became out made
    very really completely totally badly heavily slightly clearly partly all extremely terribly
    awfully incredibly absolutely utterly severely partially obviously quite rather just still far
    much way so too even already today yesterday recently last week month morning afternoon evening
    night monday tuesday wednesday thursday friday saturday sunday in on of from with at to for by
    as into inside outside onto over under near through along across around order orders item items
    items product products package packages parcel parcels delivery article articles purchase
    device thing things goods packaging packing box boxes carton post mail transit arrival
    transport courier carrier driver postman website site shop store seller online elsewhere else
    somewhere another black white red green blue grey brown yellow pink orange purple navy beige
    silver gold golden turquoise violet leather wooden wood metal plastic cotton wool woollen silk
    ceramic stainless steel electric electrical cordless wireless bluetooth digital folding
    portable outdoor indoor mens womens ladies kids baby new brand small big huge little large tiny
    long deep nasty ugly horrible terrible awful strange weird nice lovely beautiful expensive
    entire whole over counter person
    colleague son daughter wife husband kid child children mother
    father mum mom dad partner friend sister brother aunt uncle
    grandson granddaughter grandchild grandchildren nephew
    niece neighbour boyfriend girlfriend boss family dog cat ORD TIME am bit again top side sides
    bottom middle everywhere corner corners edge edges surface front state
    condition office birthday gift present christmas wedding anniversary party first use house
    room bathroom bedroom living wall foot feet hand hands head neck wrist ear ears skin size sizes
    s m l xl xs medium colour model version
""")
_STARTS = _words("""
    it this these those they that the a an i we you he she my our your which there still very
    really completely totally badly heavily slightly all too so far much way arrived came received
    got bought ordered placed small big huge little large deep ORD GOODS FAULT FAILS EXCUSE item
    product order package parcel box delivery packaging thing is was looks size colour
""")
_ARTICLES = _words("the a an my our your this these those all that")
_VERBS = _words("""
    is was are were am has have had been got came come arrived delivered received ordered bought
    purchased sent shipped looks look looked seems seemed appears feels turned FAILS
""")
_TELLS = _VERBS - _words("is was are were am has have had been FAILS")
_THINGS = _words("ORD GOODS order item product parcel package delivery thing gift present")
_BUYS = _words("ordered bought purchased placed buy")
_COUNTS = _words("one two three four five six some several both few couple")
_BARE = _words("FAILS EXCUSE still arrived came received got")
_KNOWN = _AROUND | _COUNTS | _words("GOODS FAULT FAILS EXCUSE any more")
_PLACES = (["in", "ORD"], ["in", "the"], ["in", "my"], ["from", "ORD"], ["with", "ORD"])
# A condition, or goods that are wanted instead.
_ELSE = re.compile(r"\bin case\b|^(?:different|something)\b")
# `Cancel ORD-1042 is wrong` says it of the request.
_UNSAID = re.compile(r"(?:is|was|looks)\b")

_SAY = (
    r"(?:say|tell you|inform you|report|let you know|mention|point out|complain|notice|find|"
    r"see|discover)"
)
_PREFACE = re.compile(
    r"(?:(?:because|as|since|and|so|but|for)(?! of) )?"
    rf"(?:(?:i am (?:very |so |really )?(?:sorry|afraid|sad|writing|unhappy|disappointed)(?: to "
    rf"{_SAY})?|"
    rf"i (?:deeply )?regret (?:to )?{_SAY}|i (?:have|want|need|wish|would like|must|had) (?:to "
    rf")?{_SAY}|"
    r"i (?:think|believe|noticed|see|saw|discovered|realised|realized|find|found(?: out)?)(?= "
    r"that| the| it| i)|"
    r"(?:the )?(?:reason|problem|issue|trouble|thing|fact)(?: (?:is|being|for this|for it|with it|"
    r"with this|with (?:the )?ORD))*"
    r"(?=.)|to be honest|to my (?:great )?(?:disappointment|regret|horror|surprise)|it turns out|"
    r"it turned out)(?: that)? )?"
)
_DUE = re.compile(r"(?:(?:and )?(?:because of|due to|owing to|on account of|thanks to|reason) )")
_ARRIVED = re.compile(r"(?<!not )(?<!never )\b(?:turned up|showed up|got here|came through)\b")
_AWAY = faults.phrases("missing|delayed|late|lost")


def reads_as(text: str) -> str | None:
    """Say what a clause tells: a `reason`, a `bare` one, that of a `part`, or a `story`.

    A bare one has no subject: it may speak of a refund that has not arrived.
    """
    plain = _PREFACE.sub("", text, count=1)
    if _ELSE.search(text) or (plain == text and _UNSAID.match(text)):
        return None
    plain = _ARRIVED.sub("arrived", plain)
    text = faults.FAILS.sub("FAILS", faults.TIME.sub("TIME", _DUE.sub("", plain)))
    text = " ".join("GOODS" if is_goods(word) else word for word in text.split())
    told = faults.EXCUSE.sub("EXCUSE", faults.FAULT.sub("FAULT", text)).split()
    if not told or not _KNOWN.issuperset(told):
        return None
    if _DUE.match(plain):
        return None if _COUNTS & set(told) or not {"FAULT", "FAILS"} & set(told) else "reason"
    if told[0] not in _STARTS | _COUNTS and told[:2] not in _PLACES:
        return None
    kind = _kind(told)
    bare = told[0] in _BARE or (len(told) < 3 and _AWAY.search(text)) or _bought(told)
    return "bare" if kind == "reason" and bare else kind


def _bought(told: list[str]) -> bool:
    """Tell whether it has been bought by mistake, or a refund ordered so."""
    return told[0] in _BUYS and "EXCUSE" in told


def _names(told: list[str]) -> bool:
    """Tell whether goods are only named: `the cracked mug`, where `the mug cracked` tells of it."""
    if "FAILS" not in told or set(told) & (_VERBS - {"FAILS"}):
        return False
    place = told.index("FAILS")
    return not _THINGS & set(told[:place]) and bool(_THINGS & set(told[place:]))


def _kind(told: list[str]) -> str | None:
    words = set(told)
    if told[:2] == ["i", "sent"] or ("EXCUSE" in words and (not words & _BUYS or "sent" in words)):
        return None  # `I sent this by mistake` takes back what was asked for
    if not words & {"FAULT", "FAILS", "EXCUSE"}:
        return "story" if words & _TELLS and words & _THINGS else None
    if told[0] in _ARTICLES and (not words & _VERBS or _names(told)):
        return None  # `the broken cup` names a part of an order, and says nothing of it
    alone = told[-1] == "GOODS" and not words & _VERBS  # `broken cup` may name it, too
    return "part" if alone or told[0] in ("a", "an") or words & _COUNTS else "reason"
