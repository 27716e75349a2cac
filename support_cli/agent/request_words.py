"""The words in which customers ask for something about an order, as patterns of whole clauses.

A clause is a text of lower-case words in which `ORD` stands for an order's id, `MONEY` for an
amount with its currency or its cents, and `NUM` for a bare number. What no pattern accounts for is
not understood, so words are added here only where they cannot change what is asked for: no
negation, no condition, no time to come, no part of an order, nobody else's wish.
"""

from __future__ import annotations

import re

WHOLE_WORDS = {
    "won't": "will not", "wont": "will not", "can't": "can not", "its": "it is", "ive": "i have",
    "im": "i am", "dont": "do not", "doesnt": "does not", "didnt": "did not", "isnt": "is not",
    "wasnt": "was not", "havent": "have not", "hasnt": "has not", "u": "you", "ur": "your",
    "pls": "please", "plz": "please", "thx": "thanks", "ty": "thanks", "ya": "you",
    "wanna": "want to", "gimme": "give me", "bcs": "because", "cos": "because", "cuz": "because",
    "bc": "because", "w": "with", "we": "i", "us": "me", "our": "my", "organize": "organise",
    "wrongly": "by mistake", "accidentally": "by mistake", "anymore": "any more",
    "canceled": "cancelled", "color": "colour", "dear": "hello", "hey": "hello", "hi": "hello",
    "greetings": "hello", "yo": "hello", "hiya": "hello", "heya": "hello",
    "reimburse": "refund", "recieved": "received", "tho": "though",
}  # fmt: skip
ENDINGS = (
    ("n't", " not"), ("'ve", " have"), ("'d", " would"), ("'m", " am"), ("'re", " are"),
    ("'s", " is"), ("'ll", " will"),
)  # fmt: skip
ORDER = (
    r"(?:(?:my|the|this|our) )?(?:(?:recent|latest|last) )?"
    r"(?:(?:order|purchase)(?: (?:number|no|nr|id))? )?ORD"
)
# Said before the wish or with it, it is a reason; in a sentence after it, it may take it back.
MIND = (
    rf"(?:i (?:have )?)?changed my (?:mind|plans)(?: about (?:it|this order|the order|{ORDER}))?",
)
# Said of a refund, it may be the refund that is no longer needed.
NEED = (
    r"(?:(?:it|this|ORD) is )?no longer (?:needed|required|wanted)",
    rf"i (?:have been|am|am still) waiting(?: (?:too|so) long)?(?: for (?:it|this order|{ORDER}))?"
    r"(?: for (?:days|weeks|months|ages))?",
    r"i am (?:tired|sick) of waiting",
    r"i am (?:moving|moving (?:house|away)|leaving (?:the country|town)|going (?:away|on holiday))",
    r"my plans (?:have )?changed|i can not afford it(?: any more)?|i already have one",
    r"i (?:(?:have|already|have already) )?(?:bought|got|found) (?:it|one|another one) "
    r"(?:elsewhere|somewhere else|locally)",
    r"(?:i|we) ordered too many",
)
SORRY = (r"(?:i am )?(?:so )?sorry(?: to bother you| for the (?:trouble|bother))?|excuse me",)

_ABOUT = r"(?:about|regarding|concerning|re|with regard to|in regard to|in relation to)"
CONTEXT = (
    rf"(?:(?:it is|this is|i am (?:writing|contacting you|writing to you|messaging you)) )?"
    rf"(?:{_ABOUT} )?{ORDER}",
    r"(?:my |the )?order (?:number |no |nr |id )?is ORD",
    rf"(?:i have|i am having|there is) (?:a|some) (?:problems?|issues?|trouble) "
    rf"with {ORDER}",
    rf"i (?:need|would like) (?:some |your )?help with {ORDER}",
    r"i have had enough|this is (?:unacceptable|ridiculous|very disappointing|really annoying)",
)
COURTESY = (
    r"hello(?: (?:there|team|support|support team|everyone|all|sir|madam|sir or madam|"
    r"customer service|customer support|guys|folks|sirs|shop|store|friend|"
    r"friends|my friend|staff|service))?",
    r"(?:good )?(?:morning|afternoon|evening)(?: (?:everyone|team|all|there))?|good day",
    r"(?:i )?hope (?:you are|this finds you|all is|this message finds you|this email finds you)"
    r"(?: (?:well|doing well))?",
    r"(?:many )?(?:thanks|thank you)(?: (?:very much|so much|a lot|a bunch|again|in advance|kindly|"
    r"very much in advance|for your (?:help|time|support|assistance|understanding)))*",
    r"cheers|please|please help|much appreciated|"
    r"i appreciate it|i appreciate your help|i would appreciate it|i would appreciate your help|"
    r"please (?:confirm|advise|let me know)|unfortunately|sadly",
    r"can you (?:please )?help(?: me)?(?: please)?|please help me|i need (?:your )?help",
    r"(?:(?:kind|best|warm|many|with kind|with best) )?(?:regards|wishes)|best|sincerely|"
    r"yours (?:sincerely|faithfully|truly)|have a (?:nice|good|great|lovely) "
    r"(?:day|evening|weekend|one)",
)

_ASKING = (
    r"(?:please )?(?:(?:can|could) you(?: (?:please|kindly|possibly|just))*|"
    r"(?:would|will) you (?:please|kindly|be so (?:kind|good) (?:as to|to|and)))"
)
_POLITE = (
    r"(?:(?:hello|sorry|please)(?: there)? )?(?:please(?: to| just)?|kindly|please kindly|just|"
    r"kindly please|please be so (?:kind|good) (?:as )?(?:to|and)|please help me|go ahead and|"
    r"i (?:just )?(?:would (?:really )?(?:like|love)|should like|want|need|wish|have|like)"
    r"(?: you)? to|i (?:want|need)|i (?:would )?(?:kindly )?(?:ask|request) (?:that )?you(?: to)?|"
    r"(?:may|can|could|might) i ask you to|"
    r"(?:i would (?:be (?:very )?(?:grateful|happy|glad|thankful)|(?:really )?appreciate(?: it)?)|"
    r"it would be (?:great|nice|good|lovely|kind)) if you (?:could|would|can)(?: please| kindly)?|"
    rf"{_ASKING})"
)
_LEAD = rf"(?:{_POLITE} |hello )?"
_SOON = (
    r"(?:please|now|asap|right away|right now|immediately|as soon as possible|as soon as you can|"
    r"urgently|quickly|for me|thanks|thank you)"
)
_TAIL = rf"(?: {_SOON})*"
_IT = r"(?:it|this|that|them|these|(?:this|that|the|my) (?:order|item|items|product|purchase))"
_FULL = r"(?: (?:in full|fully|completely))?"
_WANT = (
    r"(?:hello )?(?:please |kindly )?(?:i (?:really )?(?:just )?(?:want|need|request|demand|expect|"
    r"would like|should like|would love|like|ask for|ask you for|am requesting|am asking for|"
    r"would appreciate|hereby request|"
    r"kindly request|would kindly request|am writing to (?:request|ask for)|"
    r"(?:would like|would love|want|wish|need) to (?:request|have|get|ask for|receive))|"
    r"requesting|request|want|need|would like|(?:please )?help me (?:to )?get)"
)
_GIVE = rf"{_LEAD}(?:give|issue|send|process|arrange|organise|make|provide|initiate|grant)(?: me)?"
_HAVE = r"(?:please )?(?:can|could|may) i (?:please )?(?:have|get|receive)"
_FOR = rf"(?: (?:(?:for|on|of|from) )?(?:{ORDER})| (?:for|on|of|from) (?:it|this|them))?"
_SUM = r"(?: (?:of|for) MONEY)?"
_REFUND = (
    rf"(?:(?:(?:a|the|my) )?(?:(?:partial|full|complete|total|immediate) )?refund"
    rf"{_SUM}{_FOR}{_SUM}|a MONEY refund{_FOR}|MONEY back{_FOR})"
)
_HAVE_IT = r"(?:please |i (?:want|need|would like) to )(?:have|get)"
_REFUNDS = (
    rf"{_LEAD}(?:fully )?refund (?:me )?(?:for )?(?:{ORDER}|{_IT}){_FULL}{_TAIL}",
    rf"{_LEAD}refund (?:me )?MONEY (?:of|for|on|from) (?:{ORDER}|{_IT}){_TAIL}",
    rf"{_POLITE} refund(?: (?:me|MONEY|me MONEY|my money|the (?:full )?(?:amount|price)))?{_TAIL}",
    rf"{_LEAD}refund (?:(?:me )?(?:my money|the (?:full|whole|total) (?:amount|price)))"
    rf" (?:for|of|on|from) (?:{ORDER}|{_IT}){_TAIL}",
    rf"{_LEAD}refund (?:me )?{_SOON}{_TAIL}|refund me",
    rf"{_WANT} {_REFUND}{_TAIL}",
    rf"{_GIVE} {_REFUND}{_TAIL}",
    rf"{_HAVE} {_REFUND}{_TAIL}",
    rf"{_REFUND}(?: is)? (?:please|needed|wanted|requested|required){_TAIL}",
    rf"{ORDER} refund please{_TAIL}|refund request (?:for )?{ORDER} please{_TAIL}",
    rf"(?:{_WANT}|{_GIVE}|{_HAVE}|{_LEAD}return)(?: me)? (?:my|the) money(?: back)?{_FOR}{_TAIL}",
    rf"{_GIVE} (?:back|me back) (?:MONEY|my money|the money){_FOR}{_TAIL}",
    rf"{_LEAD}(?:return|pay back|pay me back)(?: me)? (?:MONEY|my money|the money){_FOR}{_TAIL}",
    rf"(?:my )?money back(?: (?:for|on) (?:{ORDER}|{_IT}))? please{_TAIL}",
    rf"{_WANT} (?:{ORDER}|{_IT}) (?:to be )?(?:fully )?refunded{_FULL}{_TAIL}",
    rf"{_HAVE_IT} (?:{ORDER}|{_IT}) refunded{_FULL}{_TAIL}",
)
_CANCELS = (
    rf"{_LEAD}cancel (?:for me )?(?:{ORDER}|{_IT}){_TAIL}",
    rf"{_POLITE} cancel{_TAIL}|cancel please{_TAIL}",
    rf"{_WANT} (?:{ORDER}|{_IT}) (?:to be )?cancelled{_TAIL}",
    rf"{_HAVE_IT} (?:{ORDER}|{_IT}) cancelled{_TAIL}",
    rf"{_WANT} (?:the |a )?cancellation (?:of|for) (?:{ORDER}|{_IT}){_TAIL}",
    rf"(?:the )?cancellation (?:of|for) {ORDER} please{_TAIL}",
    rf"{ORDER} cancel please{_TAIL}",
)
_CUT = r"(?:lower|reduce|adjust|drop|decrease|cut)"
_LESS = r"(?:price )?(?:discount|reduction|adjustment|rebate)"
_ADJUSTS = (
    rf"{_LEAD}{_CUT} the price (?:of|for|on) (?:{ORDER}|{_IT}) by (?:MONEY|NUM){_TAIL}",
    rf"{_LEAD}{_CUT} (?:the|its) price by (?:MONEY|NUM){_TAIL}",
    rf"{_LEAD}(?:take|knock) MONEY off(?: (?:the price of )?(?:{ORDER}|{_IT})| the price)?{_TAIL}",
    rf"(?:{_WANT}|{_GIVE}|{_HAVE}) a (?:{_LESS} of MONEY|MONEY {_LESS})"
    rf"(?: (?:on|for|off) (?:{ORDER}|{_IT}))?{_TAIL}",
)


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    connector = r"(?:(?:because|as|since|and|so|therefore) )?"
    return re.compile(connector + "(?:" + "|".join(f"(?:{each})" for each in patterns) + ")")


WISHES = {
    "refund_order": _any(_REFUNDS),
    "cancel_order": _any(_CANCELS),
    "adjust_price": _any(_ADJUSTS),
}
ASKED = re.compile(
    rf"(?:(?:and|so) )?(?:(?:hello|sorry|please) )?(?:{_ASKING}|{_HAVE}|(?:may|can|could) i ask "
    r"you)\b.*"
)
NEEDS_PLEASE = re.compile(rf"(?:(?:and|so) )?{_HAVE}\b(?!.*MONEY).*")
# `Refund ORD-1042, never arrived` may speak of a refund that never arrived.
TERSE = re.compile(r"refund (?:MONEY |of |for |on )*ORD|.*\bORD refund please.*")
PARTIAL = re.compile(r".*\bpartial refund\b.*")
HELP = re.compile(r"can you (?:please )?help(?: me)?(?: please)?")
TAKES_BACK, NO_NEED, APOLOGY = _any(MIND), _any(NEED), _any(SORRY)
ASIDE = _any((*CONTEXT, *COURTESY))
# Where a clause may begin without a comma or a full stop before it.
# Words that add nothing, wherever they stand.
FILLERS = frozenset(
    {"please", "kindly", "just", "really", "unfortunately", "sadly", "simply", "now"}
)
BEGINS = frozenset({
    "because", "as", "since", "and", "so", "therefore", "it", "this", "i", "they", "the", "my",
    "you", "please", "kindly", "thanks", "thank", "could", "can", "would", "cheers",
    "which", "we", "he", "she",
})  # fmt: skip
