"""The reasons customers give, as a closed vocabulary around what may be wrong.

A reason says in known words that something is wrong with an order. Phrases for what is wrong become
one word each; what stands around them must be known as well. Wishes, money, conditions, times to
come and bare negations are no part of the vocabulary, so they cannot hide in a reason.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GOODS = _words("""
    adapter airfryer alarm apron armchair backpack bag ball basket bathrobe battery bed
    bedding bedsheet belt bench bicycle bike blanket blender board boardgame book bookshelf boot
    boots bottle bowl bracelet brush bulb button cable cake camera candle candles cap car carafe
    carpet case chair chairs charger cleaner clock coat coffee colander controller cookbook
    cooker couch crib cup cupboard cups curtain curtains cushion cutlery desk dish dishes display
    doll dress dresser drill drone dryer duvet earbuds earphones earring earrings espresso fan
    flowers fork forks frame frying game games garden glass glasses gloves grill grinder guitar
    hair hairdryer hammer handbag handle hat headphones headset heater heel helmet holder hoodie
    iron jacket jar jeans jewellery jug jumper kettle keyboard kitchen knife knives ladder lamp
    lamps lampshade laptop leggings lid lightbulb lock lunchbox machine maker mat mattress
    microphone microwave mirror mixer monitor mouse mug mugs napkin napkins necklace notebook oven
    pan pans pants pen pencil pens perfume phone pillow pillowcase pillows plant plate plates pot
    pots power powerbank pram printer projector pullover purse puzzle pyjamas radio raincoat razor
    rice ring router rucksack rug sandals saucepan saucer scale scanner scarf scissors screen seam
    seat set sharpener shelf shirt shoe shoes skirt sleeping sleeve slippers slow sneakers socks
    sofa speaker speakers stand stool strap stroller suitcase sunglasses sweater swimsuit t-shirt
    table tablecloth tablet tea teacup teapot tent thermos tie toaster toothbrush torch towel
    towels toy toys trainers tray trousers tshirt tshirts tv umbrella vacuum vase wallet watch
    watchband water webcam wine yoga zip zipper
""")
_AROUND = _words("""
    it this these those they them i we you he she me us him her my our your the a an and which
    there is was are were has have had been be got get getting came come comes arrived arrive
    arrives delivered received receive ordered bought purchased sent shipped opened unpacked looks
    look turned out made very really completely totally badly heavily slightly clearly partly all
    quite rather just still far much way so too even today yesterday recently last week morning
    evening in on of from with at to for by as order orders item items product products package
    parcel delivery article purchase device thing things goods packaging box post mail transit
    arrival transport courier website shop store online elsewhere else somewhere another black
    white red green blue grey gray brown yellow pink orange purple new small big huge little large
    deep long son daughter wife husband kid child mother father partner friend dog cat ORD TIME am
    bit again inside outside top side bottom everywhere corner edge surface front state condition
    office birthday gift christmas wedding first use
""")
_STARTS = _words("""
    it this these those they the a an i we you he she my our your which there still very really
    completely totally badly heavily slightly all too so far much way arrived came received got
    bought ordered small big huge little large deep ORD GOODS FAULT FAILS EXCUSE
""")
_ARTICLES = _words("the a an my our your this these those all")
_VERBS = _words("""
    is was are were am has have had been got came come arrived delivered received ordered bought
    purchased sent shipped looks look turned FAILS
""")
_TELLS = _VERBS - _words("is was are were am has have had been FAILS")
_THINGS = _words("ORD GOODS order item product parcel package delivery")
_BUYS = _words("ordered bought purchased")
_COUNTS = _words("one two three four some several both few couple")
_BARE = _words("FAILS EXCUSE still arrived came received got")
_KNOWN = _AROUND | _COUNTS | _words("GOODS FAULT FAILS EXCUSE any more")

_PROMISED = (
    r"(?:described|advertised|expected|shown|pictured|promised|ordered|(?:what )?i (?:ordered|"
    r"expected|wanted)|(?:in |on )?the (?:pictures?|photos?|description|website|ad))"
)
_BAD = r"(?:poor|bad|low|terrible|awful|horrible|cheap|disappointing)"
_ADVERB = r"(?:(?:very|really|far|much|way|so|too|quite|rather|extremely) )*"
_DO = r"(?:(?:do|does|did|will|would|can|is|are|was|has|have) )?"


def _phrases(*each: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(each) + r")\b")


_TIME = _phrases(
    r"(?:after|within|for) (?:(?:only|just) )?(?:a|an|one|two|three|few|a few|several|some|a "
    r"couple of|the first) (?:days?|weeks?|months?|hours?|minutes?|uses?|wash|washes|times?)",
    r"on the first day",
    r"when (?:it (?:arrived|came)|(?:i|we) (?:opened|unpacked|received|got) (?:it|them))",
    r"(?:(?:just )?(?:a|two|three|four|a few|several) (?:days?|weeks?|months?)|days|weeks|months) "
    r"(?:ago|late|of waiting|after (?:delivery|it arrived))",
    r"for (?:days|weeks|months|ages)|on day (?:one|two)|straight away",
    r"this (?:morning|week)|yesterday|today|last (?:week|month)",
)
_FAILS = _phrases(
    r"no longer (?:need|want|require)",
    r"(?:do )?not (?:need|want|require)(?= .*\b(?:any more|any longer|more)$)",
    rf"{_DO}not (?:(?:even|really|properly) )?(?:work|working|turn on|switch on|start|charge|"
    r"function|fit|close|open|heat up|hold|stay)(?: (?:at all|any more|properly|well|right))?",
    r"(?:stopped|quit) (?:working|charging)",
    r"never (?:even )?worked",
    rf"{_DO}(?:not|never) (?:yet )?(?:been )?(?:arrived?|come|came|delivered|shipped|sent|"
    r"turn(?:ed)? up|show(?:ed|n)? up|reached me|got here|get here|received?|got|get)(?: yet)?",
    r"still no (?:parcel|package|delivery|order|item|product)",
    r"(?:broke|tore|cracked|shattered|ripped|snapped)(?: (?:apart|down|off|immediately))?",
    r"found (?:(?:it|one|them|this|these|a|the same) )*(?:cheaper|better|for less)"
    r"(?: (?:one|price|deal|offer))?",
    r"(?:fell|came|fallen|falling) (?:apart|off)|died|shrank|faded|melted|gave up|exploded",
    r"(?:got|was|is|went|been|gone|were) lost",
    r"(?:is|was|came|arrived|were|are) used",
    r"(?:size|colour|model|item|product) (?:is|was) (?:wrong|incorrect|not right|not correct)",
    rf"(?:arrived|came|come|delivered|was|were|delivery is) {_ADVERB}late|is (?:very )?late",
    r"wrong (?:one|order|thing|parcel|item|product) (?:arrived|came|was (?:sent|delivered))",
    r"made a mistake with the (?:size|colour|model)",
    r"price (?:has )?(?:dropped|gone down|went down|fallen|fell)",
    r"(?:delivery|shipping|it|this|they)(?: (?:is|are|has|have))? (?:takes?|taking|took|taken) "
    rf"{_ADVERB}long",
    rf"quality (?:of it )?(?:is|was) {_ADVERB}(?:{_BAD}|not good)",
    rf"{_DO}not (?:match|look like|meet) (?:{_PROMISED}|my expectations)",
    r"(?:do )?not like (?:it|them|this)",
    r"smells?(?: (?:bad|awful|terrible|strange|of smoke))?",
)
_FAULT = _phrases(
    r"(?:broken|damaged|cracked|scratched|chipped|dented|torn|ripped|smashed|shattered|crushed|"
    r"bent|stained|dirty|faulty|defective|defect|leaking|leaky|leaks|soaked|wet|mouldy|rotten|"
    r"spoiled|expired|dead|empty|incomplete|unusable|useless|ruined|destroyed|rusty|wobbly|bruised|"
    r"malfunctioning|crooked|missing|delayed|cracks?|scratch|scratches|dents?|holes?|defects|"
    r"stains?|tears?|damage|fault|cheaper)(?: (?:to|in|into) (?:pieces|bits))?",
    r"in (?:pieces|bits)",
    r"(?:wrong|different) (?:size|colour|model|version|item|product|package|article|shade|GOODS)",
    r"(?:received|got|(?:you|they) (?:have )?(?:sent|delivered|shipped)(?: me| us)?) the wrong "
    r"(?:one|order|thing|parcel)",
    r"(?:not(?: at all)?|nothing|(?:(?:completely|totally|very) )?different) (?:as|like|than|from|"
    rf"to) {_PROMISED}",
    r"not what (?:i|we) (?:ordered|expected|wanted)",
    r"(?:too|so) (?:small|big|large|tight|short|long|heavy|wide|narrow|loud|thin|thick|dark|bright|"
    r"loose|low|high|noisy|slow|hard|soft|weak|hot|uncomfortable)",
    r"rubbish|garbage|junk|crap|trash|worthless",
    rf"{_BAD} quality|(?:poorly|cheaply|badly) made",
    r"(?:duplicate|double) order",
    r"unhappy|disappointed|dissatisfied|not (?:happy|satisfied|pleased)",
)
_EXCUSE = _phrases(r"by (?:mistake|accident)|in error|twice")
_PREFACE = re.compile(
    r"(?:(?:because|as|since|and|so)(?! of) )?"
    r"(?:(?:i am (?:sorry|afraid)(?: to (?:say|tell you|inform you))?|"
    r"i regret to (?:say|inform you)"
    r"|i have to say)(?: that)? )?"
)
_DUE = re.compile(r"(?:because of|due to) ")
_AWAY = _phrases("missing|delayed|late|lost")


def reads_as(text: str) -> str | None:
    """Say what a clause tells: a `reason`, a `bare` one, that of a `part`, or a `story`.

    A bare one has no subject: it may speak of a refund that has not arrived.
    """
    plain = _PREFACE.sub("", text, count=1)
    text = _FAILS.sub("FAILS", _TIME.sub("TIME", _DUE.sub("", plain)))
    text = " ".join("GOODS" if _is_goods(word) else word for word in text.split())
    told = _EXCUSE.sub("EXCUSE", _FAULT.sub("FAULT", text)).split()
    if not told or not _KNOWN.issuperset(told):
        return None
    if _DUE.match(plain):
        return None if _COUNTS & set(told) or "FAULT" not in told else "reason"
    if told[0] not in _STARTS | _COUNTS:
        return None
    kind = _kind(told)
    bare = told[0] in _BARE or (len(told) < 3 and _AWAY.search(text))
    return "bare" if kind == "reason" and bare else kind


def _is_goods(word: str) -> bool:
    return word in _GOODS or word.removesuffix("s") in _GOODS


def _kind(told: list[str]) -> str | None:
    words = set(told)
    if told[:2] == ["i", "sent"] or ("EXCUSE" in words and (not words & _BUYS or "sent" in words)):
        return None  # `I sent this by mistake` takes back what was asked for
    if not words & {"FAULT", "FAILS", "EXCUSE"}:
        return "story" if words & _TELLS and words & _THINGS else None
    if told[0] in _ARTICLES and not words & _VERBS:
        return None  # `the broken cup` names a part of an order, and says nothing of it
    return "part" if told[0] in ("a", "an") or words & _COUNTS else "reason"
