"""What goes wrong with goods, and when, as phrases that become one word each in a reason.

Negations are known only together with what they negate: `does not work`, never `not` alone.
"""

from __future__ import annotations

import re

_PROMISED = (
    r"(?:described|advertised|expected|shown|pictured|promised|ordered|stated|agreed|hoped|"
    r"(?:(?:what|the one) )?(?:i|you) (?:(?:had|have|was|were) )?(?:ordered|expected|wanted|"
    r"thought|hoped(?: for)?|"
    r"promised|advertised|described|show(?:ed)?|asked for|bought|imagined|chose|paid for|needed|"
    r"said)|it (?:should be|said|says|looked|looks)|(?:it )?should(?: be)?|"
    r"(?:(?:it (?:looked|looks|is|was)|shown|described|seen|pictured|advertised|said|stated|"
    r"promised) )?"
    r"(?:in |on |online |by )*(?:(?:the|your) )?"
    r"(?:pictures?|photos?|images?|descriptions?|website|site|ad|advert|advertisement|listing|page|"
    r"catalogue|online|shop)(?: (?:picture|photo|description))?)"
)
_BAD = (
    r"(?:poor|bad|low|terrible|awful|horrible|cheap|disappointing|inferior|shoddy|lousy|dreadful|"
    r"appalling|mediocre|substandard|shocking)"
)
_ADVERB = (
    r"(?:(?:very|really|far|much|way|so|too|quite|rather|extremely|already|totally|"
    r"completely|just) )*"
)
_DO = r"(?:(?:do|does|did|will|would|can|could|is|are|was|were|has|have|had) )?"
_HAS = r"(?:(?:do|does|did|is|are|was|were|has|have|had) )?"
_WHILE = (
    r"(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve|few|a few|several|some|a "
    r"couple of|many)"
)
_COLOUR = (
    r"(?:black|white|red|green|blue|grey|brown|yellow|pink|orange|purple|navy|beige|silver|"
    r"gold|cream|small|medium|large)"
)
_SPAN = r"(?:days?|weeks?|months?|hours?|minutes?|years?)"
_ACTS = (
    r"(?:work|working|functioning|cooling|heating|spinning|closing|opening|printing|running|"
    r"fitting|"
    r"playing|lighting up|holding|recording|responding|turn on|turning on|switch on|start|"
    r"starting|charge|charging|function|fit|close|open|"
    r"heat up|heat|heating|hold|stay|power (?:on|up)|light up|light|connect|connecting|pair|spin|"
    r"print|cut|cool|boil|inflate|match|"
    r"stick|suit|respond|responding|run|play|ring|move|lock|latch|sit|stand|fill|switch off|seal|"
    r"click|drain|"
    r"freeze|load|boot|cook|toast|grind|blend|mix|spray|blow|pump|write|zip|zip up|fasten|"
    r"get (?:hot|warm|cold)|make any (?:sound|noise)|come on|go on|last|hold (?:a )?charge|"
    r"hold (?:air|water)|sleep|recognise|show anything|do anything|do (?:its|the) job|clean|dry|"
    r"keep (?:the )?time|"
    r"look (?:right|good|nice)|feel right|sound right|taste good|rotate|turn|roll|fold|go "
    r"together|snap shut|shut|"
    r"work as (?:it should|described|advertised|expected|promised)|do what it (?:says|should))"
)
_HERE = (
    r"(?:arrived?|come|came|delivered|shipped|sent|dispatched|turn(?:ed)? up|show(?:ed|n)? up|"
    r"appeared|"
    r"reach(?:ed)? me|got here|get here|get to me|got to me|received?|got|get|made it|been "
    r"received|seen|here)"
)
_SPOILS = (
    r"(?:dies|leaks?|drips?|wobbles?|creaks?|squeaks?|rattles?|flickers?|crashes|overheats?|"
    r"smokes?|"
    r"sparks?|buzzes|hums|stinks?|sheds?|frays?|peels?|bleeds|jams?|freezes|itch(?:es)?|pinche?s?|"
    r"leaked|burst|jammed|overheated|collapsed|failed|malfunctioned|malfunctions|blew up|burnt out|"
    r"burned out|conked out|packed (?:up|in)|gave out|gave up|went (?:dead|off|flat|mouldy|wrong|"
    r"bad)|"
    r"came (?:undone|loose|unstuck|off|away|unglued)|fell (?:apart|off|to (?:pieces|bits)|down|"
    r"out|over)|"
    r"(?:falls|comes|falling|fallen|coming) (?:apart|off|to (?:pieces|bits)|down|out|over|loose|"
    r"undone)|"
    r"turns (?:itself )?off|switches (?:itself )?off|shuts (?:itself )?(?:off|down)|"
    r"gets (?:too )?hot|runs? (?:out|flat|slow|down)|drains|scratches|breaks|stains|hurts?|burns?)"
)
_RATTLE = r"(?:strange|weird|loud|funny|horrible|awful|terrible|odd|grinding|rattling|squeaky)"
_KEEPS = (
    r"keeps? (?:on )?(?:turning|switching|shutting|crashing|freezing|falling|breaking|"
    r"disconnecting|stopping|restarting|leaking|beeping|coming|cutting|overheating|jamming|"
    r"flickering|slipping|dripping|sliding|dying)(?: (?:itself|off|over|apart|down|out|loose))*"
)


def phrases(*each: str) -> re.Pattern[str]:
    """Write one pattern of phrases, wherever they stand in a clause."""
    return re.compile(r"\b(?:" + "|".join(each) + r")\b")


TIME = phrases(
    rf"(?:after|within|for|in|since) (?:(?:only|just|about|over|more than|less than|nearly|"
    rf"almost) )*{_WHILE} "
    rf"(?:{_SPAN}|uses?|wash|washes|times?)(?: (?:of use|now|already))?",
    r"(?:after|during|on|with|in|from|at) (?:the )?(?:very )?(?:first|second) "
    r"(?:day|use|wash|time|week|night|try|attempt|go)",
    r"(?:from|since) (?:day one|the (?:start|beginning))|out of the box|when new|on arrival|upon "
    r"arrival",
    r"(?:the )?(?:first|second) time i (?:used|tried|washed|wore) (?:it|them)",
    r"when (?:it (?:arrived|came|was delivered)|(?:i|we) (?:(?:have|had) )?(?:opened|unpacked|"
    r"received|got|unboxed|"
    r"tried|used) (?:it|them|(?:the|my) (?:box|parcel|package|order|packaging|carton|delivery)))",
    rf"(?:(?:just|only|about|over|more than|nearly) )*(?:{_WHILE} {_SPAN}|days|weeks|months|ages) "
    r"(?:ago|late|overdue|of waiting|now|already|after (?:delivery|it arrived|i got it|arrival))",
    r"(?:for|in|since) (?:days|weeks|months|ages)|on day (?:one|two)|straight away|immediately|"
    r"right away|almost immediately|a (?:while|long time) ago|the other day|so far|to date|by now|"
    r"as of (?:today|now)|until (?:now|today)|up to now|till (?:now|today)|at the moment|"
    r"long ago|lately|overnight|over the weekend|at first|by the (?:courier|post|carrier|driver)",
    r"this (?:morning|week|afternoon)|yesterday|today|last (?:week|month|night|\w+day)|on \w+day",
)
FAILS = phrases(
    r"no longer (?:need|want|require)",
    r"(?:do )?not (?:need|want|require)(?= .*\b(?:any more|any longer|more|no more)$)",
    rf"{_DO}not (?:(?:even|really|properly|actually|at all|any more|always) )*{_ACTS}"
    r"(?: (?:at all|any more|properly|well|right|correctly|any longer|together|"
    r"as (?:it )?(?:should|described|expected|advertised|promised)))*",
    rf"(?:refuses to|fails to|failed to|refused to|will not) {_ACTS}(?: (?:at all|properly|any "
    rf"more))*",
    r"nothing (?:works|happens|happened|has (?:arrived|come)|(?:ever )?(?:arrived|came)|"
    r"(?:was|has been) delivered)",
    r"(?:stopped|quit) (?:working|charging|functioning|heating|turning on|running|spinning)(?: "
    r"(?:at all|completely|"
    r"properly))?",
    rf"never (?:even |once |really |properly )*(?:worked|{_ACTS})",
    rf"{_HAS}(?:not|never) (?:(?:yet|even|ever|actually|still) )*(?:been )?{_HERE}"
    r"(?: (?:yet|here|at all|so far|to me|any more|at my (?:house|address|home|door)))*",
    r"(?:still )?(?:no|not any) (?:(?:sign|trace) of (?:it|my|the|a|them)(?: (?:parcel|package|"
    r"delivery|order|item|GOODS))?|"
    r"parcel|package|delivery|order|item|product)(?: (?:yet|has (?:come|arrived)|arrived|came|"
    r"received|here|"
    r"so far))*",
    rf"(?:{_WHILE} )?(?:days|weeks|months|ages)(?: later| now)? and (?:still )?(?:nothing|no "
    rf"(?:parcel|package|"
    r"delivery|order|item|product|sign of it))(?: (?:yet|arrived|came|here))?",
    r"still nothing",
    r"(?:still |am |have been |been )*waiting for (?:my|the|this) (?:parcel|package|delivery|item|"
    r"product|goods)",
    r"(?:broke|tore|cracked|shattered|ripped|snapped|split|bent|smashed)(?: (?:apart|down|off|"
    r"immediately|in (?:half|two)))?",
    r"(?:found|saw|seen|get|got) (?:(?:it|one|them|this|these|a|the|same|thing|item|product|"
    r"model) )*(?:much )?"
    r"(?:cheaper|better|for less|a lot cheaper)(?: (?:one|price|deal|offer|product|model))?",
    r"died|shrank|shrunk|faded|melted|exploded|deteriorated|disintegrated",
    r"(?:got|was|is|went|been|gone|were|has|have|seems|must be|(?:it|parcel|package|delivery)) "
    r"(?:lost|missing|astray)",
    r"(?:is|was|came|arrived|were|are|looks|been) (?:clearly |already |obviously )*(?:used|worn|"
    r"opened|second hand|second-hand)",
    r"(?:size|colour|model|item|product|address|delivery address|shade|length|width) (?:is|was) "
    r"(?:all )?"
    r"(?:wrong|incorrect|not right|not correct|different)",
    r"(?:is|was|are|were) (?:all |the |completely |totally |simply )*wrong(?=$| for )",
    rf"(?:arrived|came|come|delivered|was|were|delivery is|shipped|sent|got here|turned up) "
    rf"{_ADVERB}late",
    rf"is {_ADVERB}(?:late|overdue|delayed|behind schedule)|is (?:running )?late",
    r"wrong (?:one|order|thing|parcel|item|product|package|GOODS) "
    r"(?:(?:has |have )?(?:arrived|come)|came|turned up|(?:was |were |has been )?(?:sent|"
    r"delivered|received|in it))",
    r"(?:made|did) (?:a|an|the) (?:mistake|error) (?:with|in|on|about) the (?:size|colour|model|"
    r"order|address|quantity)",
    r"made (?:a|an) (?:mistake|error) (?:when|while) (?:ordering|i ordered)",
    r"(?:chose|picked|selected|took|choose) the wrong (?:one|size|colour|model|item|product|GOODS|"
    r"version|address)",
    r"(?:put|gave|entered|typed|used)(?: in)? (?:the|a|my) (?:wrong|old) (?:delivery |shipping "
    r")?address",
    r"(?:clicked|pressed|hit) (?:(?:on|the) )*(?:order|buy)(?: button)? (?:twice|by mistake|by "
    r"accident)",
    r"price (?:has |have )?(?:dropped|gone down|went down|fallen|fell|come down)",
    r"(?:delivery|shipping|it|this|they)(?: (?:is|are|has|have|was|will|would|just))* (?:takes?|"
    r"taking|took|taken) "
    rf"(?:{_ADVERB}long|ages|forever|an age|weeks|months|for ever)(?: to (?:arrive|come|deliver))?",
    r"delivery date (?:keeps (?:changing|slipping|moving)|has (?:changed|moved|slipped)|is too "
    r"late)",
    rf"(?:too|very|so) (?:late|slow|long) (?:a )?delivery|{_BAD} delivery|(?:too |very )*(?:slow|"
    rf"late|long) (?:of )?(?:a )?delivery(?: times?)?",
    rf"(?:quality|workmanship|material|fabric|finish|stitching|sound|picture|build quality|smell|"
    rf"taste)"
    rf"(?: of (?:it|this|the GOODS))? (?:is|was|are) {_ADVERB}(?:{_BAD}|not (?:very )?good|"
    rf"rubbish|bad)",
    rf"{_DO}not (?:(?:at all|really|even) )?(?:match|look (?:anything )?like|meet|correspond "
    rf"(?:to|with)|live up to|look as|"
    rf"resemble|fit) (?:at all )?(?:{_PROMISED}|(?:my|the|your) (?:expectations?|order|GOODS))",
    r"(?:do )?not (?:really |even )?(?:like|suit)(?: (?:it|them|this|me|him|her|my (?:son|"
    r"daughter|wife|husband)))?"
    r"(?: at all)?(?= |$)",
    r"(?:does|do|did|is|are) not (?:really |even )?(?:go|fit|work|match|sit|suit|compatible)(?: "
    r"(?:in|on|with|for|into))? "
    r"(?:(?:my|the|our) )?(?:GOODS|me|him|her|room|kitchen|car|phone|foot|feet|head)",
    r"(?:smell|stink|reek|taste)s?(?: (?:very |really |so |absolutely |a bit |just )*(?:bad|awful|"
    r"terrible|strange|"
    r"horrible|badly|funny|weird|disgusting|off))?",
    rf"(?:makes?|making|made) (?:a|an|some) (?:very |really )?{_RATTLE}(?: {_RATTLE})? (?:noise|"
    rf"sound)s?",
    rf"{_KEEPS}",
    _SPOILS,
    r"(?:came|comes|arrived|delivered|sent) without (?:(?:a|an|the|its|any|it is|all the) "
    r")?(?:GOODS|parts?|instructions|"
    r"accessories|pieces)",
    r"(?:does not|did not|do not) (?:come with|include|contain) (?:(?:a|an|the|any|all the) "
    r")?(?:GOODS|parts?|instructions|pieces)",
    r"(?:can|could) not (?:even )?(?:use|open|close|wear|assemble|switch (?:it|this) on|turn "
    r"(?:it|this) on|charge|"
    r"put (?:it|this) together|connect|eat|read|see anything)(?: (?:it|this|them))?(?: (?:at all|"
    r"properly))?",
    r"what a waste of money|waste of (?:money|time)|not worth (?:it|the (?:money|price))",
    r"(?:only|just) works? (?:on (?:one side|the (?:left|right))|sometimes|now and then)|(?:is|"
    r"was|am|are) (?:not|no) (?:very |really |any |at all )*(?:good|right|suitable|useful|"
    r"comfortable|usable|safe|"
    r"genuine|original|authentic|real|new|complete|compatible|sharp|clean|straight|stable|correct|"
    r"the right "
    r"(?:one|size|colour|item|product|model|GOODS)|in (?:good|working) (?:condition|order))",
    r"changed my mind about (?:buying|ordering|the purchase|getting) (?:it|this|one|ORD)",
    r"(?:it |GOODS )?(?:just |suddenly |already )+stopped|should have (?:arrived|been (?:here|"
    r"delivered)|come)",
    r"(?:was|is|were) (?:due|supposed|meant|promised)(?: (?:to (?:arrive|come|be (?:here|"
    r"delivered))|for))?(?= TIME|$)",
    r"(?:courier|carrier|driver|postman|post office|you|they) (?:have |has )?(?:lost|damaged|"
    r"smashed|broke|dropped) "
    r"(?:my|the|this) (?:parcel|package|order|delivery|item|GOODS)",
    r"(?:ordered|bought) the wrong (?:one|thing|stuff)|(?:it|this|ORD) (?:is|was) (?:much |far |"
    r"way )?too (?:expensive|pricey|dear)",
    rf"(?:ordered|wanted|chose|asked for) (?:a |the |it in )?{_COLOUR}(?: one)? (?:and|but) (?:i |"
    rf"you |they )?(?:got|received|was sent|"
    rf"sent(?: me)?|it (?:is|was)) (?:a |the )?{_COLOUR}(?: one)?",
)
FAULT = phrases(
    r"(?:broken|damaged|cracked|scratched|chipped|dented|torn|ripped|smashed|shattered|crushed|"
    r"bent|stained|dirty|faulty|defective|defect|leaking|leaky|soaked|wet|mouldy|rotten|"
    r"spoiled|spoilt|expired|dead on arrival|doa|dead|empty|incomplete|unusable|useless|ruined|"
    r"destroyed|rusty|"
    r"rusted|wobbly|bruised|malfunctioning|crooked|missing|delayed|cracks?|scratch(?:es)?|dents?|"
    r"holes?|defects|stains?|dirt|open and damaged|smudges?|"
    r"faults?|flaws?|tears?|damages?|cheaper|bust|busted|battered|burnt|burned|burst|cloudy|"
    r"clogged|corroded|creased|crumpled|deformed|discoloured|dripping|flawed|flimsy|"
    r"frayed|frozen|fused|glitchy|jammed|kaput|loose|lopsided|mangled|melted|misprinted|"
    r"non-functional|nonfunctional|not functional|inoperable|peeling|punctured|rough|scuffed|"
    r"scuffs?|snapped|smelly|soggy|soiled|"
    r"sour|squashed|squeaky|stale|sticky|stuck|tarnished|tattered|twisted|unreadable|unsafe|"
    r"unstable|unsuitable|unwearable|warped|water-damaged|worn out|worn-out|wonky|wrecked|wrinkled|"
    r"shredded|snagged|split|pierced|mismatched|uneven|blurry|blurred|noisy|fake|counterfeit|"
    r"imitation|wrongly sized|mislabelled|out of date|past its date|rusting|cracking|mould|rust|"
    r"marks?|"
    r"spots?|chips?|blemish(?:es)?|leak|flickering|unplayable|undersized|oversized|lost|late|"
    r"uncomfortable|itchy|incompatible|incorrect|infested|contaminated|inedible|unhygienic|"
    r"disgusting|hideous|"
    r"falling apart|falling to (?:pieces|bits)|shrunken|faded|delivered late|perforated|"
    r"ill-fitting|second hand|second-hand)"
    r"(?: (?:to|in|into) (?:pieces|bits|half|two))?",
    r"in (?:(?:a thousand|a million|many|several) )?(?:pieces|bits|tatters|shreds)",
    r"in (?:a )?(?:very |really |such )?(?:bad|poor|terrible|awful|horrible|damaged|broken|"
    r"dreadful|appalling) "
    r"(?:state|condition|shape)",
    r"(?:wrong|different|incorrect) (?:shop|store|size|sizes|colour|colours|model|version|item|"
    r"items|product|products|"
    r"package|article|shade|type|kind|style|brand|(?:delivery |shipping )?address|GOODS(?: GOODS)?|"
    r"(?:size|colour) (?:GOODS|item))",
    r"(?:received|(?:you|they|shop|store|seller) (?:have )?(?:sent|delivered|shipped)(?: me| us)?|"
    r"(?:i )?was sent|"
    r"(?:i )?was delivered) (?:the |a )?(?:completely |totally )?wrong (?:one|order|thing|parcel|"
    r"stuff)",
    r"got (?:sent )?(?:the|a) (?:completely |totally )?wrong (?:one|thing|parcel)",
    r"something (?:completely |totally |else )?(?:different|else)(?: (?:entirely|"
    r"altogether))?",
    rf"(?:not(?: at all| really| quite| even| exactly)?|nothing|(?:(?:completely|totally|very|so) "
    rf")?different) (?:(?:the )?same )?(?:at all )?(?:thing )?"
    rf"(?:as|like|than|from|to) {_PROMISED}",
    rf"(?:not(?: at all| really| quite)?) (?:what|the (?:one|GOODS|item|product|colour|size)) "
    rf"(?:that )?{_PROMISED}",
    r"(?:not|nothing) (?:as|like) (?:described|advertised)",
    rf"(?:(?:much|far|way|a lot|so) )?(?:smaller|bigger|larger|thinner|darker|lighter|shorter|"
    rf"longer|heavier|louder|narrower|wider|"
    rf"weaker|worse|softer|harder|slower|paler|thicker) than {_PROMISED}",
    r"(?:too|so) (?:small|big|large|tight|short|long|heavy|wide|narrow|loud|thin|thick|dark|bright|"
    r"loose|low|high|noisy|slow|hard|soft|weak|hot|uncomfortable|light|tall|bulky|rough|fragile|"
    r"old|"
    r"stiff|complicated|late|cold|quiet|deep|shallow|sweet|strong|cheap|difficult to use|little)",
    r"rubbish|garbage|junk|crap|trash|worthless|horrendous|abysmal|pants|a lemon",
    rf"(?:of )?{_BAD}(?: (?:and|build|material|sound|finish))* quality|(?:poorly|cheaply|badly|"
    rf"sloppily) (?:made|finished|stitched|sewn|"
    r"packed|packaged|wrapped|built|glued|printed)|(?:cheap|flimsy|bad|poor) (?:plastic|material|"
    r"workmanship|stitching|packaging)",
    r"(?:duplicate|double)(?: (?:order|purchase))?|duplicated",
    r"unhappy|disappointed|dissatisfied|not (?:happy|satisfied|pleased|impressed)|a (?:big |huge "
    r")?disappointment|"
    r"disappointing|terrible|awful|horrible|ugly|bad",
    r"(?:false|misleading) (?:description|advertising|advert|picture)|allergic",
    r"(?:missing|broken|damaged|wrong|faulty) (?:parts|pieces|screws|bits|components|instructions|"
    r"buttons)",
    r"(?:parts?|pieces|screws|bits|instructions|components) (?:are |is |were |was )?(?:missing|"
    r"broken|damaged)",
)
EXCUSE = phrases(
    r"by (?:mistake|accident|error)|in error|twice|two times|double|unintentionally|mistakenly"
)
