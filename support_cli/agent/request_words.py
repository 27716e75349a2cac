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
    "wrongly": "by mistake", "accidentally": "by mistake", "anymore": "any more",
    "canceled": "cancelled", "color": "colour", "dear": "hello", "hey": "hello", "hi": "hello",
    "greetings": "hello", "reimburse": "refund", "recieved": "received", "tho": "though",
}  # fmt: skip
ENDINGS = (
    ("n't", " not"), ("'ve", " have"), ("'d", " would"), ("'m", " am"), ("'re", " are"),
    ("'s", " is"), ("'ll", " will"),
)  # fmt: skip
_GOODS = (
    "adapter|airfryer|alarm clock|apron|armchair|backpack|bag|ball|basket|bathrobe|battery|"
    "bed|bedsheet|belt|bench|bicycle|bike|blanket|blender|boardgame|book|boot|boots|"
    "bottle|bowl|bracelet|brush|cable|cake stand|camera|candle|candles|cap|car seat|"
    "carafe|card holder|carpet|case|chair|chairs|charger|clock|coat|coffee grinder|"
    "coffee machine|coffee maker|coffee pot|controller|cookbook|cooker|cup|cups|curtain|"
    "curtains|cushion|cutlery|desk|desk lamp|dish|dishes|doll|dress|dresser|drill|drone|"
    "dryer|duvet|earbuds|earphones|earrings|espresso machine|fan|flowers|fork|forks|frame|"
    "frying pan|game|garden chair|glass|glasses|gloves|grill|grinder|guitar|hair dryer|"
    "hairdryer|hammer|handbag|hat|headphones|headset|heater|helmet|hoodie|iron|jacket|jar|"
    "jeans|jug|jumper|kettle|keyboard|knife|knives|ladder|lamp|lamps|laptop|leggings|"
    "lunchbox|mat|mattress|microphone|microwave|mirror|mixer|monitor|mouse|mug|mugs|"
    "necklace|notebook|oven|pan|pans|pants|pen|perfume|phone|phone case|picture frame|"
    "pillow|pillows|plant|plate|plates|pot|pots|power bank|powerbank|printer|projector|"
    "pullover|purse|puzzle|pyjamas|radio|raincoat|razor|rice cooker|ring|router|rucksack|"
    "rug|sandals|saucepan|scale|scarf|scissors|screen|set|shelf|shirt|shoe|shoes|skirt|"
    "sleeping bag|slippers|slow cooker|sneakers|socks|sofa|speaker|speakers|stool|suitcase|"
    "sunglasses|sweater|swimsuit|t-shirt|table|tablet|tea set|teapot|tent|thermos|tie|"
    "toaster|toothbrush|torch|towel|towels|toy|toys|trainers|tray|trousers|tshirt|tv|"
    "umbrella|vacuum|vacuum cleaner|vase|wallet|watch|water bottle|webcam|wine glass|"
    "wine glasses|yoga mat|machine"
)
_LOOK = "black|white|red|green|blue|grey|gray|brown|yellow|pink|new|small|big|wooden|glass|kitchen"
_ITEM = "order|item|product|package|parcel|delivery|article|purchase|device|thing|box|packaging"
ORDER = (
    r"(?:(?:my|the|this|our) )?(?:(?:recent|latest|last) )?"
    r"(?:(?:order|purchase)(?: (?:number|no|nr|id))? )?ORD"
)
_THING = rf"(?:my|the|this|that|these|those|our) (?:(?:{_LOOK}) )?(?:{_GOODS}|{_ITEM}|items|goods)"
_SUBJECT = rf"(?:it|this|that|they|everything|{_THING}(?: (?:from|in|of) {ORDER})?|{ORDER})"
_DAY = r"(?: (?:today|yesterday|this morning|this week|last week))?"
_HURT = (
    r"(?:(?:very|really|completely|totally|badly|heavily|already|slightly|clearly|partly|all) )?"
    r"(?:broken|damaged|cracked|scratched|chipped|dented|torn|ripped|smashed|shattered|crushed|bent|"
    r"stained|dirty|faulty|defective|defect|leaking|leaky|soaked|wet|mouldy|moldy|rotten|spoiled|"
    r"expired|dead|used|empty|incomplete|unusable|useless|ruined|destroyed|in pieces|broke)"
)
_COME = (
    r"(?:(?:has|have) )?(?:arrived|came|was delivered|were delivered|got here|reached me|turned up|"
    r"showed up|is|was|are|were|been|got|looks|arrived here)"
)
_FOUND = (
    r"(?: (?:on arrival|upon arrival|in transit|in the (?:post|mail|box)|during (?:shipping|"
    r"transport|delivery)|when it (?:arrived|came)|when i (?:opened|unpacked) it))?"
)
_WRONG = rf"wrong (?:size|colour|model|version|item|product|package|parcel|article|(?:{_GOODS}))"
_NOT = r"(?:do|does|did|will|would|has|have|is|was|are|were) not"
_PROMISED = (
    r"(?:described|advertised|expected|shown|pictured|ordered|i ordered|what i ordered|"
    r"(?:in|on) the (?:pictures?|photos?|description|website)|"
    r"the (?:pictures?|photos?|description))"
)
_TOO = r"(?:(?:far|much|way) )?(?:too|so)"
_EXCUSE = r"(?:by (?:mistake|accident)|in error|twice)"

REASONS = (
    rf"{_SUBJECT} {_COME} {_HURT}(?: and {_HURT})?{_FOUND}{_DAY}",
    rf"{_SUBJECT} (?:broke|tore|cracked|shattered)(?: (?:apart|on the first day|immediately))?",
    rf"(?:(?:arrived|came) )?{_HURT}(?: and {_HURT})?{_FOUND}{_DAY}",
    rf"{ORDER} {_HURT}",
    rf"{_SUBJECT} (?:(?:has|arrived with|came with) )(?:(?:a|an|some|several|many|big|large|small|"
    r"deep|long) )*(?:cracks?|scratch|scratches|dents?|holes?|defects?|stains?|tears?|damage|"
    r"chips?|fault)(?: (?:in|on) it)?",
    rf"{_SUBJECT} {_NOT} (?:(?:even|really) )?(?:work|working|turn on|switch on|start|charge|"
    r"function|fit|fit me|close|open|heat up)(?: (?:at all|any more|properly))?",
    rf"{_SUBJECT} (?:never|has never|never even) worked",
    r"(?:not|never) work(?:ing|ed)(?: at all)?",
    rf"{_SUBJECT} (?:(?:has|have) )?stopped working"
    r"(?: after (?:a|one|two|three|a few) (?:days?|weeks?))?",
    rf"{_SUBJECT} (?:(?:has|have|was|were) )?(?:never|not|still not) (?:arrived?|come|came|been "
    r"delivered|delivered|turned up|showed up|shown up|reached me|got here|received)(?: yet)?",
    rf"{_SUBJECT} (?:did|does|has) not (?:arrive|arrived|come|show up|turn up|get here|reach me)"
    r"(?: yet| at all)?",
    rf"{_SUBJECT} (?:is|was|got|went|is still|has gone) (?:missing|lost)"
    r"(?: in (?:the )?(?:post|mail|transit))?",
    r"never (?:arrived|came|received|delivered)(?: (?:it|here))?",
    rf"i (?:(?:have|did) )?(?:never|not) (?:receive|received|got|get)(?: {_SUBJECT})?(?: yet)?",
    rf"(?:(?:you|they|i) )?(?:have )?(?:sent|delivered|shipped|got|received|was sent)(?: me)? the "
    rf"(?:{_WRONG}|wrong (?:one|order|thing))",
    rf"(?:i )?(?:have )?(?:ordered|bought) the {_WRONG}(?: {_EXCUSE})?",
    rf"{_SUBJECT} (?:is|was|has|are|came|came in|arrived in) (?:in )?the {_WRONG}",
    rf"(?:the )?{_WRONG}(?: (?:arrived|came|was (?:sent|delivered)))?",
    rf"(?:{_SUBJECT} (?:(?:is|was|are|were|looks|look) )?)?(?:not|nothing|completely different|"
    rf"different|not at all) (?:as|like|than|from|to) {_PROMISED}",
    rf"{_SUBJECT} (?:does|do|did) not (?:match|look like|meet) (?:{_PROMISED}|my expectations)",
    rf"(?:{_SUBJECT} (?:is|are|was|were|turned out) )?{_TOO} (?:small|big|large|tight|short|long|"
    r"heavy|wide|narrow|loud|thin|dark|bright|loose|noisy|slow|hard|soft)(?: for me)?",
    rf"{_SUBJECT} (?:(?:has|have) )?(?:arrived|came|come|is|was|are) (?:{_TOO} |very )?late",
    rf"(?:arrived|came) (?:{_TOO} |very )?late",
    rf"(?:{_SUBJECT}|the delivery|delivery|the shipping|shipping) (?:takes?|is taking|took|has "
    rf"taken) {_TOO} long",
    rf"{_SUBJECT} (?:is|was|has been) delayed",
    rf"i no longer (?:need|want|require) {_SUBJECT}",
    rf"i do not (?:need|want) {_SUBJECT} (?:any more|any longer)",
    rf"i (?:have )?(?:ordered|bought|placed) {_SUBJECT} {_EXCUSE}",
    rf"i by mistake (?:ordered|bought|placed) {_SUBJECT}(?: twice)?",
    rf"{_SUBJECT} (?:was|were) (?:ordered|placed|bought) {_EXCUSE}",
    rf"(?:ordered|bought) {_EXCUSE}",
    rf"(?:{_SUBJECT} (?:is|was) (?:a )?)?(?:duplicate|double) order",
    rf"i (?:have )?found (?:{_SUBJECT}|one) (?:cheaper|for less)"
    r"(?: (?:elsewhere|somewhere else|in (?:a|another) (?:shop|store)|online))?",
    r"i (?:have )?found a (?:cheaper|better) (?:one|price|deal|offer)"
    r"(?: (?:elsewhere|somewhere else|in (?:a|another) (?:shop|store)|online))?",
    rf"{_SUBJECT} is cheaper (?:elsewhere|now|somewhere else)",
    r"the price (?:has )?(?:dropped|gone down|went down|fell|fallen)(?: since)?",
    rf"(?:{_SUBJECT} (?:is|was|are|has|is of|are of) )?(?:a )?(?:very |really )?(?:poor|bad|low|"
    r"terrible|awful) quality",
    rf"the quality (?:of {_SUBJECT} )?(?:is|was) (?:very |really |so )?(?:poor|bad|low|terrible|"
    r"awful|not good)",
    rf"{_SUBJECT} (?:is|was|are) (?:poorly|cheaply|badly) made",
    rf"i am (?:very |really )?(?:not (?:happy|satisfied)|unhappy|disappointed|dissatisfied)"
    rf"(?: with {_SUBJECT})?",
    rf"i do not like {_SUBJECT}(?: at all)?",
    rf"{_SUBJECT} smells?(?: (?:bad|awful|terrible|strange))?",
)
# What is wrong with a part of an order is a reason only beside the amount that it is worth.
PARTS = (
    rf"(?:a|an|one|one of the|two|two of the|some|some of the) (?:(?:{_LOOK}) )?(?:{_GOODS}|item) "
    rf"(?:{_COME} )?(?:{_HURT}|missing)",
)
# Said before the wish or with it, it is a reason; in a sentence after it, it may take it back.
MIND = (r"i (?:have )?changed my mind(?: about (?:it|this order|the order|ORD))?",)
# Said of a refund, it may be the refund that is no longer needed.
NEED = (r"(?:(?:it|this|ORD) is )?no longer (?:needed|required|wanted)",)
SORRY = (r"sorry(?: to bother you)?|i am sorry|excuse me",)

CONTEXT = (
    rf"(?:it is |this is )?(?:about |regarding |concerning |re )?{ORDER}",
    r"(?:my |the )?order (?:number |no |nr |id )?is ORD",
    rf"i (?:have )?(?:bought|ordered|purchased|received|got) (?:{ORDER}|{_THING}|(?:a|an|some)"
    rf"(?: (?:{_LOOK}))? (?:{_GOODS}))(?: (?:from you|online|in your shop|recently))?{_DAY}"
    rf"(?: (?:with|in|under|as) {ORDER})?",
    rf"(?:i have|there is) a problem with {ORDER}",
    rf"i (?:need|would like) (?:some |your )?help with {ORDER}",
)
COURTESY = (
    r"hello(?: (?:there|team|support|support team|everyone|all|sir|madam|sir or madam|"
    r"customer service|customer support|guys|folks))?",
    r"good (?:morning|afternoon|evening|day)(?: (?:everyone|team|all))?",
    r"(?:i )?hope (?:you are|this finds you|all is|this message finds you|this email finds you)"
    r"(?: (?:well|doing well))?",
    r"(?:many )?(?:thanks|thank you)(?: (?:very much|so much|a lot|a bunch|again|in advance|kindly|"
    r"very much in advance|for your (?:help|time|support|assistance|understanding)))*",
    r"cheers|please|please help|much appreciated|"
    r"i appreciate it|i appreciate your help|i would appreciate it|i would appreciate your help",
    r"can you (?:please )?help(?: me)?(?: please)?|please help me|i need (?:your )?help",
    r"(?:(?:kind|best|warm|many|with kind|with best) )?(?:regards|wishes)|best|sincerely|"
    r"yours (?:sincerely|faithfully|truly)|have a (?:nice|good|great|lovely) "
    r"(?:day|evening|weekend|one)",
)

_ASKING = (
    r"(?:(?:can|could) you(?: (?:please|kindly|possibly))?|(?:would|will) you (?:please|kindly))"
)
_POLITE = (
    r"(?:(?:hello|sorry|please)(?: there)? )?(?:please|kindly|please kindly|kindly please|"
    rf"i (?:would (?:really )?like|want|need|wish|have)(?: you)? to|i (?:would )?(?:kindly )?"
    rf"(?:ask|request) (?:that )?you(?: to)?|{_ASKING})"
)
_LEAD = rf"(?:{_POLITE} |hello )?"
_SOON = (
    r"(?:please|now|asap|right away|right now|immediately|as soon as possible|as soon as you can|"
    r"urgently|quickly|for me|thanks|thank you)"
)
_TAIL = rf"(?: {_SOON})*"
_IT = r"(?:it|this|that|them|(?:this|that|the|my) (?:order|item|product|purchase))"
_FULL = r"(?: (?:in full|fully|completely))?"
_WANT = (
    r"(?:hello )?(?:please |kindly )?(?:i (?:really )?(?:just )?(?:want|need|request|demand|expect|"
    r"would like|ask for|am requesting|am asking for|would appreciate|hereby request|"
    r"kindly request|would kindly request|am writing to (?:request|ask for)|"
    r"(?:would like|would love|want|wish|need) to (?:request|have|get|ask for|receive))|"
    r"requesting|request|want|need|would like|i am here to request)"
)
_GIVE = rf"{_LEAD}(?:give|issue|send|process|arrange|make|provide|initiate|get)(?: me)?"
_HAVE = r"(?:can|could|may) i (?:please )?(?:have|get|receive)"
_FOR = rf"(?: (?:for|on|of|from) (?:{ORDER}|it|this))?"
_SUM = r"(?: (?:of|for) MONEY)?"
_REFUND = (
    rf"(?:(?:a )?(?:(?:partial|full|complete|total|immediate) )?refund{_SUM}{_FOR}{_SUM}|"
    rf"a MONEY refund{_FOR}|MONEY back{_FOR})"
)
_REFUNDS = (
    rf"{_LEAD}(?:fully )?refund (?:me )?(?:for )?(?:{ORDER}|{_IT}){_FULL}{_TAIL}",
    rf"{_LEAD}refund (?:me )?MONEY (?:of|for|on|from) (?:{ORDER}|{_IT}){_TAIL}",
    rf"{_POLITE} refund(?: (?:me|MONEY|me MONEY|my money|the (?:full )?(?:amount|price)))?{_TAIL}",
    rf"{_LEAD}refund (?:(?:me )?(?:my money|the (?:full|whole|total) (?:amount|price)))"
    rf" (?:for|of|on|from) (?:{ORDER}|{_IT}){_TAIL}",
    rf"{_LEAD}refund (?:me )?{_SOON}{_TAIL}",
    rf"{_WANT} {_REFUND}{_TAIL}",
    rf"{_GIVE} {_REFUND}{_TAIL}",
    rf"{_HAVE} {_REFUND}{_TAIL}",
    rf"{_REFUND}(?: is)? (?:please|needed|wanted|requested|required){_TAIL}",
    rf"{ORDER} refund please{_TAIL}",
    rf"(?:{_WANT}|{_GIVE}) my money back{_FOR}{_TAIL}",
    rf"{_WANT} (?:{ORDER}|{_IT}) (?:to be )?(?:fully )?refunded{_FULL}{_TAIL}",
    rf"{_LEAD}(?:have|get) (?:{ORDER}|{_IT}) refunded{_FULL}{_TAIL}",
)
_CANCELS = (
    rf"{_LEAD}cancel (?:{ORDER}|{_IT}){_TAIL}",
    rf"{_WANT} (?:{ORDER}|{_IT}) (?:to be )?cancelled{_TAIL}",
    rf"{_LEAD}(?:have|get) (?:{ORDER}|{_IT}) cancelled{_TAIL}",
    rf"{_WANT} (?:the |a )?cancellation (?:of|for) (?:{ORDER}|{_IT}){_TAIL}",
    rf"(?:the )?cancellation (?:of|for) {ORDER} please{_TAIL}",
    rf"{ORDER} cancel please{_TAIL}",
)
_CUT = r"(?:lower|reduce|adjust|drop|decrease|cut)"
_LESS = r"(?:price )?(?:discount|reduction|adjustment|rebate)"
_ADJUSTS = (
    rf"{_LEAD}{_CUT} the price (?:of|for|on) (?:{ORDER}|{_IT}) by (?:MONEY|NUM){_TAIL}",
    rf"{_LEAD}(?:take|knock) MONEY off (?:the price of )?(?:{ORDER}|{_IT}){_TAIL}",
    rf"(?:{_WANT}|{_GIVE}|{_HAVE}) a (?:{_LESS} of MONEY|MONEY {_LESS})"
    rf" (?:on|for|off) (?:{ORDER}|{_IT}){_TAIL}",
)


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    connector = r"(?:(?:because|as|since|and|so|therefore) )?"
    return re.compile(connector + "(?:" + "|".join(f"(?:{each})" for each in patterns) + ")")


WISHES = {
    "refund_order": _any(_REFUNDS),
    "cancel_order": _any(_CANCELS),
    "adjust_price": _any(_ADJUSTS),
}
ASKED = re.compile(rf"(?:(?:and|so) )?(?:(?:hello|sorry|please) )?(?:{_ASKING}|{_HAVE})\b.*")
NEEDS_PLEASE = re.compile(rf"(?:(?:and|so) )?{_HAVE}\b.*")
PARTIAL = re.compile(r".*\bpartial refund\b.*")
HELP = re.compile(r"can you (?:please )?help(?: me)?(?: please)?")
REASON, PART = _any(REASONS), _any(PARTS)
TAKES_BACK, NO_NEED, APOLOGY = _any(MIND), _any(NEED), _any(SORRY)
ASIDE = _any((*CONTEXT, *COURTESY))
# Where a clause may begin without a comma or a full stop before it.
BEGINS = frozenset({
    "because", "as", "since", "and", "so", "therefore", "it", "this", "i", "they", "the", "my",
    "you", "please", "kindly", "thanks", "thank", "could", "can", "would", "cheers",
})  # fmt: skip
