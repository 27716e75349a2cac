"""The words in which customers ask for something about an order, as patterns of whole clauses.

A clause is a text of lower-case words in which `ORD` stands for an order's id, `MONEY` for an
amount with its currency or its cents, `NUM` for a bare number and `GOODS` for what a shop sells.
What no pattern accounts for is not understood, so words are added here only where they cannot
change what is asked for: no negation, no condition, no time to come, no part of an order, nobody
else's wish.
"""

from __future__ import annotations

import re

from support_cli.agent.request_courtesy import ORDER, any_of

WHOLE_WORDS = {
    "won't": "will not", "wont": "will not", "can't": "can not", "its": "it is", "ive": "i have",
    "im": "i am", "dont": "do not", "doesnt": "does not", "didnt": "did not", "isnt": "is not",
    "wasnt": "was not", "havent": "have not", "hasnt": "has not", "u": "you", "ur": "your",
    "pls": "please", "plz": "please", "thx": "thanks", "ty": "thanks", "ya": "you",
    "wanna": "want to", "gimme": "give me", "bcs": "because", "cos": "because", "cuz": "because",
    "bc": "because", "w": "with", "we": "i", "us": "me", "our": "my", "organize": "organise",
    "wrongly": "by mistake", "accidentally": "by mistake", "anymore": "any more",
    "canceled": "cancelled", "color": "colour", "dear": "hello", "hey": "hello", "hi": "hello",
    "greetings": "hello", "yo": "hello", "hiya": "hello", "heya": "hello", "hallo": "hello",
    "reimburse": "refund", "reimbursed": "refunded", "reimbursement": "refund",
    "recieved": "received", "tho": "though", "cant": "can not", "cannot": "can not",
    "couldnt": "could not", "wouldnt": "would not", "arent": "are not", "werent": "were not",
    "thats": "that is", "theyre": "they are", "theres": "there is", "whats": "what is",
    "youre": "you are", "youve": "you have", "hadnt": "had not", "r": "are", "n": "and",
    "plse": "please", "pleas": "please", "pleaze": "please", "plzz": "please", "plss": "please",
    "thanx": "thanks", "tnx": "thanks", "thnx": "thanks", "tks": "thanks", "thankyou": "thank you",
    "thank-you": "thank you", "ta": "thanks", "tysm": "thanks", "tia": "thanks in advance",
    "thankss": "thanks", "kthx": "thanks", "rn": "right now", "coz": "because",
    "becuase": "because",
    "becouse": "because", "cause": "because", "hereby": "", "refound": "refund",
    "re-fund": "refund",
    "cancle": "cancel", "cancell": "cancel", "cancelation": "cancellation", "canel": "cancel",
    "recieve": "receive", "recived": "received", "arived": "arrived", "brocken": "broken",
    "broked": "broke", "damged": "damaged", "dammaged": "damaged", "deffective": "defective",
    "adress": "address", "wich": "which", "delievered": "delivered", "orderd": "ordered",
    "ordr": "order", "prodct": "product", "gray": "grey", "moldy": "mouldy", "mold": "mould",
    "hows": "how is", "ppl": "people", "gonna": "going to", "cheerz": "cheers", "evenin": "evening",
    "mornin": "morning", "favor": "favour", "esteemed": "hello", "respected": "hello",
    "ordernumber": "order number", "wud": "would", "cud": "could", "shld": "should",
    "payed": "paid", "package's": "package", "smashd": "smashed", "sry": "sorry", "soz": "sorry",
    "immediatly": "immediately", "hv": "have", "thru": "through", "yr": "your", "dis": "this",
}  # fmt: skip
ENDINGS = (
    ("n't", " not"), ("'ve", " have"), ("'d", " would"), ("'m", " am"), ("'re", " are"),
    ("'s", " is"), ("'ll", " will"),
)  # fmt: skip

_POLITELY = r"(?:please|kindly|possibly|just|very kindly)"
_KIND = r"be so (?:kind|good)(?: (?:as to|as|to|and))?"
_ASKING = (
    rf"(?:please )?(?:(?:can|could) you(?: guys)?(?: (?:{_POLITELY}|{_KIND}))*(?: to)?|"
    rf"(?:would|will) you (?:please|kindly|{_KIND}))"
)
_GLAD = (
    r"(?:(?:very|most|so|really|extremely|much) )*(?:grateful|happy|glad|thankful|obliged|pleased)"
)
_DESIRE = (
    r"(?:want|need|wish|have to(?! refund)|have got to(?! refund)|like(?! refund)|"
    r"demand|expect|require|"
    r"would (?:very much |really |kindly |also )*(?:like|love|prefer|wish)|should (?:very much "
    r")?like|"
    r"am (?:wanting|looking|hoping|asking|writing|contacting you|forced|obliged)|"
    r"must(?! refund)|wants|needs)"
)
_ASK = (
    r"(?:ask|request|beg|urge|am asking|am requesting|must ask|have to ask|would ask|would request)"
)
_POLITE = (
    r"(?:(?:hello|sorry|please)(?: there)? )?(?:please(?: to| just| do| you)?|kindly(?: do)?|"
    r"please kindly|just|kindly please|please be so (?:kind|good) (?:as )?(?:to|and)|"
    r"be so (?:kind|good) (?:as )?(?:to|and)|please help me(?: to)?|help me(?: to)?|go ahead and|"
    r"please go ahead and|"
    rf"(?:i am (?:afraid|sorry but) )?i (?:just )?{_DESIRE}(?: (?:you|for you|that you|if "
    rf"you))?(?: (?:to|please|please to))?|"
    rf"(?:i )?(?:would )?(?:kindly |politely |respectfully |formally |humbly )*{_ASK} "
    r"(?:that |for )?you(?: (?:to|please|kindly))*|i insist that you|i am (?:writing|contacting "
    r"you) to (?:kindly )?(?:ask|request) (?:that )?you(?: to)?|"
    r"(?:may|can|could|might) i (?:please |kindly )?(?:ask|request|trouble|bother)(?: that)? "
    r"you(?: to)?|"
    rf"(?:i (?:would|should) (?:be {_GLAD}|(?:really |very much |greatly )*appreciate(?: it)?(?: "
    rf"very much)?)|"
    r"it would be (?:(?:so|very|really|most) )*(?:great|nice|good|lovely|kind|appreciated|"
    r"wonderful|"
    r"amazing|helpful)(?: of you)?) if you (?:could|would|can|will)(?: please| kindly| just)*|"
    rf"{_ASKING})"
)
_LEAD = rf"(?:{_POLITE} |hello )?"
_SOON = (
    r"(?:please|now|asap|right away|right now|immediately|as soon as possible|as soon as you can|"
    r"urgently|quickly|for me|thanks|thank you|at once|straight away|without delay|promptly|quick|"
    r"at your earliest convenience|fast|as quickly as possible|this instant|in advance|soonest|"
    r"to the original (?:payment method|card|payment|account)|to my original payment method|sir|"
    r"madam|then|immediate|urgent|guys|mate|today please)"
)
_TAIL = rf"(?: {_SOON})*"
_IT = (
    r"(?:it|this|them|these|(?:this|that|the|my|whole) "
    r"(?:whole |entire |full |complete |above )?(?:order|item|items|product|purchase|thing|goods))"
)
_OBJECT = rf"(?:{ORDER}|{_IT}(?: {ORDER})?)"
_FULL = r"(?: (?:in full|fully|completely|entirely))?"
_AIMS = r"(?:have|get|ask for|receive|request|obtain|claim|apply for|be given)"
_WANT = (
    # Who looks for the refund has been promised it.
    r"(?!.*\b(?:looking|hoping)\b.*\b(?:my|the) (?:money|refund|payment)\b)"
    rf"(?:hello )?(?:please |kindly )?(?:i (?:just )?(?:(?:really|kindly|formally|also) )*"
    rf"(?:{_DESIRE}|{_ASK}|ask you|would ask you|insist on|would appreciate|"
    rf"would be {_GLAD}|would welcome|am after|claim)(?: (?:to|for|please|kindly))*"
    rf"(?: {_AIMS}(?: back)?)?(?: for)?|"
    r"(?:requesting|request|want|wanting|need|needing|would like|would love|looking|asking)"
    rf"(?: (?:to|for))?(?: {_AIMS})?|(?:please )?help me (?:to )?(?:get|with|have))"
)
_GIVE = (
    # `Get a refund` is advice, or asks whether one can.
    rf"{_LEAD}(?:give|issue|send|process|arrange|organise|make|provide|initiate|grant|do|sort|"
    r"sort out|get (?:back to )?me|put through|offer|proceed with|go ahead with|start|set up|let "
    r"me have|"
    r"prepare|raise)(?: (?:me|for|to me|out))*"
)
_HAVE = (
    r"(?:please |hello )?(?:can|could|may|might) i (?:(?:please|kindly|possibly|just) )*"
    r"(?:have|get|receive|request|ask for|ask you for|claim)(?: please)?"
)
_FOR = rf"(?: (?:(?:for|on|of|from|against|in) )?{ORDER}| (?:for|on|of|from) {_IT})?"
_SUM = r"(?: (?:of|for|in the amount of|worth) (?:the )?MONEY)?"
_REFUND = (
    r"(?:(?:(?:a|the|my|an) )?(?:(?:partial|full|complete|total|immediate|prompt|quick) )*refund"
    rf"(?: please)?{_SUM}{_FOR}{_SUM}|(?:a|the) MONEY refund{_FOR}|MONEY refund{_FOR}|MONEY "
    rf"back{_FOR})"
)
_HAVE_IT = r"(?:please |i (?:want|need|would like|wish|demand) (?:to )?)(?:have|get|see)"
_CASH = r"(?:(?:(?:my|the|all my|all the) )?(?:full )?money|my payment)"
# Who returns "the money", to nobody named, may be the customer.
_BACK = (
    r"(?:return(?= (?:me|my)\b|.*\bto me\b)|refund|"
    r"(?=.*\bback\b)(?:pay|give|send|transfer|get me))"
)
_REFUNDS = (
    rf"{_LEAD}(?:fully )?refund (?:me )?(?:to me )?(?:for )?{_OBJECT}{_FULL}(?: to me)?{_TAIL}",
    rf"{_LEAD}refund (?:me )?(?:(?:the|a|an|my) )?(?:(?:amount|sum) of )?MONEY"
    rf"(?: (?:of|for|on|from) {_OBJECT})?{_TAIL}",
    rf"{_POLITE} refund(?: (?:me|my money|the (?:full |whole )?(?:amount|price)))?{_FULL}{_TAIL}",
    rf"{_LEAD}refund (?:(?:me )?(?:{_CASH}|(?:the )?(?:full|whole|total|entire|complete) "
    rf"(?:amount|price|sum|cost|value|payment)|the (?:price|amount)|everything))"
    rf" (?:for|of|on|from|i paid for) {_OBJECT}{_TAIL}",
    rf"{_LEAD}refund (?:me )?{_SOON}{_TAIL}|refund me{_FULL}{_TAIL}|refund (?:my money|in "
    rf"full){_TAIL}",
    rf"{_LEAD}refund me (?:in full|fully|my money|the full amount)(?: (?:for|of|on) "
    rf"{_OBJECT})?{_TAIL}",
    rf"{_WANT} {_REFUND}{_FULL}{_TAIL}",
    rf"{_GIVE} {_REFUND}(?: to me)?{_TAIL}",
    rf"{_HAVE} {_REFUND}{_TAIL}",
    rf"{_REFUND}(?: is)?{_TAIL} (?:please|needed|wanted|requested|required|demanded){_TAIL}",
    rf"{_REFUND} would be (?:(?:very|much|greatly|really) )*(?:appreciated|welcome|nice|great|"
    rf"lovely)",
    rf"(?:i would like |please )?{ORDER} (?:please )?refund please{_TAIL}|"
    rf"refund request (?:for )?{ORDER} please{_TAIL}",
    rf"(?:{_WANT}|{_GIVE}|{_HAVE})(?: (?:me|back))* {_CASH}(?: back)? ?(?:to me)?{_FOR}{_TAIL}",
    rf"{_LEAD}{_BACK} (?:(?:me|back|to me) )*(?:{_CASH}|(?:the )?MONEY)(?: (?:back|to "
    rf"me))*{_FOR}{_TAIL}",
    rf"(?:my )?money back(?: (?:for|on|from) {_OBJECT})? (?:please|now){_TAIL}|money back please "
    rf"{ORDER}",
    rf"(?:{_WANT}|{_GIVE}) {_OBJECT} (?:to be |being )?(?:fully )?refunded{_FULL}{_TAIL}",
    rf"{_LEAD}(?:arrange|see|ensure|make sure|organise) (?:for |that )?{_OBJECT} (?:to be|is) "
    rf"refunded"
    rf"{_FULL}{_TAIL}",
    rf"{_HAVE_IT} {_OBJECT} refunded{_FULL}{_TAIL}|{_HAVE_IT} refunded(?: for {_OBJECT})?{_TAIL}",
    rf"i (?:want|need|would like|wish|demand|expect) (?:to be )?(?:fully )?refunded{_FULL}"
    rf"(?: (?:for|on) {_OBJECT})?{_TAIL}",
)
_CANCEL = r"(?:cancel|call off|scrap|annul|void|withdraw|delete|abort)"
_CANCELS = (
    rf"{_LEAD}(?:fully )?{_CANCEL} (?:(?:for|to) me )?{_OBJECT}{_FULL}(?: (?:on|from|in) my "
    rf"account)?{_TAIL}",
    rf"{_LEAD}(?:call {_OBJECT} off|get rid of (?:my|the|this) order(?: {ORDER})?|withdraw from "
    rf"{_OBJECT}){_TAIL}",
    rf"{_POLITE} cancel{_TAIL}|cancel please{_TAIL}|cancel{_TAIL} please",
    rf"(?:please )?(?:can|could|may|might) i (?:(?:please|just) )*cancel {_OBJECT}{_TAIL}",
    rf"(?:{_WANT}|{_GIVE}) {_OBJECT} (?:to be |being )?cancelled{_TAIL}",
    rf"{_HAVE_IT} {_OBJECT} cancelled{_TAIL}",
    rf"{_LEAD}(?:arrange|see|ensure|make sure|organise) (?:for |that )?{_OBJECT} (?:to be|is) "
    rf"cancelled{_TAIL}",
    rf"(?:{_WANT}|{_GIVE}|{_HAVE}) (?:the |a |an )?(?:immediate |full )?cancellation (?:of|for) "
    rf"{_OBJECT}{_TAIL}",
    rf"{_LEAD}(?:make|do|process|arrange) (?:the |a )?(?:cancel|cancellation) "
    rf"(?:of|for) {_OBJECT}{_TAIL}",
    rf"(?:the )?(?:cancellation|cancel)(?: (?:of|for))? {_OBJECT} please{_TAIL}",
    rf"(?:the )?cancellation (?:of|for) {_OBJECT} (?:is )?(?:needed|requested|wanted|"
    rf"required){_TAIL}",
    rf"{ORDER} (?:please )?cancel please{_TAIL}|i am (?:hereby )?cancelling {_OBJECT}{_TAIL}",
)
_CUT = r"(?:lower|reduce|adjust|drop|decrease|cut|bring down|discount|mark down)"
_LESS = r"(?:price )?(?:discount|reduction|adjustment|rebate|cut)"
_PRICED = rf"(?:(?:the )?(?:price|cost|total) (?:of|for|on) {_OBJECT}|(?:the|its|it is) price)"
_SUM_OFF = r"(?:MONEY|NUM)"
_ADJUSTS = (
    rf"{_LEAD}{_CUT} (?:the )?price (?:of|for|on) {_OBJECT} (?:by|with) {_SUM_OFF}{_TAIL}",
    rf"{_LEAD}{_CUT} {_PRICED} by {_SUM_OFF}{_TAIL}|"
    rf"{_LEAD}{_CUT} {_OBJECT} by MONEY{_TAIL}",
    rf"{_LEAD}(?:lower|reduce|cut|drop) by MONEY (?:the )?price(?: (?:of|for|on) "
    rf"{_OBJECT})?{_TAIL}",
    rf"{_LEAD}(?:take|knock|get me|give(?: me)?|cut|shave|let me have) MONEY off"
    rf"(?: (?:(?:of )?(?:the )?(?:price|cost) (?:of|for|on) )?(?:(?:for|on|of) )?{_OBJECT}| "
    rf"(?:the|its|it is) price)?{_TAIL}",
    rf"{_LEAD}(?:take|knock|deduct|cut|subtract|remove) MONEY (?:off|from|off of) "
    rf"(?:(?:the )?(?:price|cost|total) (?:of|for|on) )?{_OBJECT}{_TAIL}",
    rf"{_LEAD}(?:deduct|take|subtract|cut) MONEY from the price{_TAIL}",
    rf"(?:{_WANT}|{_GIVE}|{_HAVE}) (?:(?:a|an|the) )?(?:small )?(?:{_LESS} (?:(?:of|by) )?MONEY|"
    rf"MONEY {_LESS}|"
    rf"MONEY off)(?: (?:(?:on|for|off|of|from) )?(?:(?:the )?price of )?{_OBJECT})?{_TAIL}",
    rf"(?:{_WANT}|{_GIVE}|{_HAVE}) (?:(?:a|an|the) )?{_LESS} (?:on|for|off|of) {_OBJECT} (?:of|"
    rf"by) MONEY{_TAIL}",
    rf"(?:a )?MONEY (?:{_LESS}|off)(?: (?:on|for|off|of|from))? {_OBJECT} (?:please|needed|"
    rf"requested){_TAIL}",
    rf"(?:a )?{_LESS} of MONEY (?:on|for|off) {_OBJECT} (?:please|needed|requested){_TAIL}",
    rf"{_LEAD}make {_OBJECT} MONEY (?:cheaper|less){_TAIL}",
    rf"{ORDER} MONEY (?:off|discount) please{_TAIL}",
)


WISHES = {
    "refund_order": any_of(*_REFUNDS),
    "cancel_order": any_of(*_CANCELS),
    "adjust_price": any_of(*_ADJUSTS),
}
ASKED = re.compile(
    rf"(?:(?:and|so) )?(?:(?:hello|sorry|please) )?(?:{_ASKING}|{_HAVE}|(?:may|can|could|might) i "
    r"(?:please |kindly )?(?:ask|request|trouble|bother)|(?:can|could|may|might) i (?:please |"
    r"just )*cancel)\b.*"
)
NEEDS_PLEASE = re.compile(
    rf"(?:(?:and|so) )?(?:{_HAVE}\b(?!.*MONEY).*|(?:please )?(?:can|could|may|might) i (?:please |"
    rf"just )*cancel\b.*)"
)
# `Refund ORD-1042, never arrived` may speak of a refund that never arrived.
TERSE = re.compile(r"refund (?:MONEY |of |for |on )*ORD|.*\bORD refund please.*")
# What `it` is must have been said: `Cancel this. ORD-1042 is late` speaks of something else.
PRONOUN = re.compile(
    r".*\b(?:refund|cancel|call|scrap|annul|void|delete|withdraw|abort|for) (?:it|this|them|"
    r"these)\b.*"
)
PARTIAL = re.compile(r".*\bpartial refund\b.*")
HELP = re.compile(
    r"can you (?:please )?help(?: me)?(?: (?:with this|out))?(?: please)?|how are you.*"
)
# Words that add nothing, wherever they stand.
FILLERS = frozenset(
    {
        "please",
        "kindly",
        "just",
        "really",
        "unfortunately",
        "sadly",
        "simply",
        "now",
        "actually",
        "therefore",
    }
)
_BEGINS = """
    because as since and so therefore it this i they the my you please kindly thanks thank could
    can would cheers due which he she wrong broken damaged faulty defective cracked too found
    ordered bought there your these those arrived came poor bad changed refund cancel need want
    many kind best hello hope that looking asap dead smashed keeps leaks do
    item items product parcel package ORD
"""
# Where a clause may begin without a comma or a full stop before it.
BEGINS = frozenset(_BEGINS.split())
