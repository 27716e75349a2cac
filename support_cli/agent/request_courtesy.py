"""What customers say around a request: greetings, thanks, small talk, anger and what it is about.

Nothing here may change what is asked for, wherever it stands; what may do so after the wish
(`this is a joke`, `sorry`, a changed mind) is kept apart, for the reader of the whole message.
"""

from __future__ import annotations

import re

_NUMBERS = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|"
    r"couple of|few|several)"
)
_CONNECTOR = r"(?:(?:because|as|since|and|so|therefore) )?"
# `the lamp order ORD` is an order of a lamp; `the lamp ORD` may be a part of it.
ORDER = (
    r"(?:(?:(?:my|the|this) )?(?:(?:recent|latest|last|above|following|new|little) )?"
    r"(?:(?:GOODS ){0,2}(?:order|purchase)(?: (?:number|no|nr|id|num|reference|ref|code))*"
    r"(?: (?:of|for) (?:(?:a|an|the|some) )?GOODS(?: GOODS)?)? )?ORD"
    r"|(?:number|no|nr|ref|reference)(?: number)? ORD)"
)


def any_of(*patterns: str, connector: str = _CONNECTOR) -> re.Pattern[str]:
    """Write one pattern of whole clauses out of several."""
    told = "|".join(f"(?:{each})" for each in patterns).replace("NUMBER", _NUMBERS)
    return re.compile(f"{connector}(?:{told})")


_VERY = r"(?:(?:so|very|really|extremely|absolutely|truly|quite|rather|deeply|terribly|utterly) )*"
_CUSTOMER = r"(?:(?:good|loyal|regular|long time|long-time|faithful|old) )*customer"
_WHILE = r"(?:days|weeks|months|ages|years|(?:too|so) long|(?:a|NUMBER) (?:days?|weeks?|months?))"
# Said before the wish or with it, it is a reason; in a sentence after it, it may take it back.
TAKES_BACK = any_of(
    rf"(?:i (?:have )?)?changed my mind(?: about (?:it|this|the order|this order|{ORDER}))?",
    r"i (?:have|had|am having) second thoughts",
    r"i (?:have )?(?:thought|been thinking) (?:about it|it over)",
)
_HAVE_ONE = r"(?:have|had|got|own|bought|found|received|was given|were given|ordered)"
_ONE = r"(?:it|one|this|(?:the )?same (?:one|thing)|another one|a (?:better|nicer|new) one|a GOODS)"
_ELSEWHERE = (
    r"(?:elsewhere|somewhere else|locally|(?:in|at|from) (?:a|another|the|my local|a local|my) "
    r"(?:shop|store|supermarket)|"
    r"in town|from (?:another|a different) (?:shop|store)|as a (?:gift|present)|for my birthday)"
)
_RELATIVE = (
    r"(?:husband|wife|son|daughter|mother|father|mum|mom|dad|sister|brother|aunt|uncle|friend|"
    r"partner|neighbour|boyfriend|girlfriend|grandson|granddaughter|boss|colleague)"
)
# Said of a refund, it may be the refund that is no longer needed.
NO_NEED = any_of(
    r"(?:(?:it|this|they|ORD|the GOODS|the item|the order) (?:is|are) )?"
    r"(?:no longer|not) (?:needed|required|wanted|necessary)(?: (?:any more|any longer|now))?",
    rf"i do not (?:need|want|require) (?:it|this|them|this order|the (?:order|item|GOODS)|{ORDER})",
    r"i no longer have (?:a|any) (?:need|use) for (?:it|this|them)",
    rf"i (?:(?:have been|am|am still|have) )?(?:still )?(?:waiting|waited)(?: {_WHILE})?"
    rf"(?: for (?:it|this order|my order|{ORDER}))?(?: (?:for )?{_WHILE})?",
    rf"it has been {_WHILE}(?: (?:now|already))?",
    rf"(?:(?:NUMBER|many) )?{_WHILE} (?:now )?i (?:have (?:been )?)?(?:waited|waiting)(?: for "
    rf"(?:it|this order|{ORDER}))?",
    r"i am (?:(?:completely|so|just) )?(?:tired|sick|fed up|bored)(?: and tired)? (?:of|with) "
    r"(?:all )?"
    rf"(?:the |this )?(?:waiting|wait|this)(?: for {ORDER})?|i can not wait(?: any longer| any "
    rf"more)",
    r"i am (?:(?:moving|moving (?:house|abroad|away)|leaving (?:the country|town)|"
    r"going (?:away|abroad|on holiday)))(?: (?:soon|next (?:week|month)))?",
    r"i will (?:not be (?:at )?(?:home|here)|be (?:away|abroad|on holiday))",
    r"(?:i (?:have )?changed my plans|(?:my|the) plans (?:have )?changed)",
    r"i can not afford (?:it|this)(?: (?:any more|right now|at the moment|this month))?",
    r"i (?:have )?lost my job|money is (?:a bit )?tight(?: (?:right now|at the moment))?",
    rf"(?:it turns out (?:that )?)?i (?:have )?(?:already )?{_HAVE_ONE} (?:already )?{_ONE}"
    rf"(?: already| {_ELSEWHERE})+",
    rf"i (?:have )?(?:already )?(?:{_HAVE_ONE}) {_ONE} {_ELSEWHERE}|i already (?:have|own|got) "
    rf"{_ONE}",
    rf"(?:my {_RELATIVE}|someone|somebody) (?:(?:else|has|already) )*(?:bought|got|gave|ordered)"
    rf"(?: me| one| it| this| already| the same (?:one|thing|item)| as a (?:gift|present))+",
    rf"my (?:{_RELATIVE}|cat|dog|kids?|child|children|toddler|little one) (?:already )?(?:has|"
    rf"have|had|owns) {_ONE}"
    r"(?: already)?",
    rf"my (?:{_RELATIVE}|cat|dog|kids?|child|children|toddler|little one) (?:ordered|bought) "
    rf"(?:it|this|that)"
    r"(?: without (?:asking|telling)(?: me)?| while playing(?: on my (?:phone|tablet))?)?",
    rf"(?:bought|got|found|ordered) {_ONE}(?: already)? {_ELSEWHERE}|got {_ONE} already|"
    r"i do not (?:need|want) (?:it|this|them) after all|i (?:have )?decided not to (?:buy|get|"
    r"have|order) (?:it|this|one)|"
    r"i ordered (?:it )?(?:for|to) the wrong (?:person|place)|"
    r"i ordered (?:too many|too much)",
)
APOLOGY = any_of(
    rf"(?:i am )?{_VERY}sorry(?: about (?:this|that|it))?|excuse me|my apologies|apologies|"
    r"(?:i )?apologise|forgive me|pardon(?: me)?|oops|whoops|ugh|argh|oh no|silly me|my (?:bad|"
    r"fault)",
    r"(?:this is|it is|what) (?:just )?a (?:bad |complete |total |sick )?joke|you must be joking",
)
# These end a sentence of their own: `… and I will never come back` is a threat, or a price.
OUTBURST = any_of(
    r"i (?:will|am) (?:never|not) (?:(?:order|buy|shop)(?:ing)? (?:here|from you|with you|anything)"
    r"(?: again)?|coming back|come back)",
    r"what (?:a|an) (?:(?:absolute|total|complete) )?(?:rubbish|terrible|awful|horrible|bad|"
    r"useless|poor|shoddy|"
    r"cheap|disgraceful|ridiculous) (?:product|thing|quality|service|shop|company|item|experience)",
    r"enough is enough|come on|seriously|for (?:god|heaven|goodness) is sake|honestly|wtf|ffs|omg",
    connector="",
)
_AWFUL = (
    r"(?:unacceptable|ridiculous|disappointing|annoying|outrageous|disgraceful|a disgrace|"
    r"appalling|shocking|pathetic|terrible|awful|horrible|absurd|infuriating|frustrating|"
    r"not (?:on|ok|okay|acceptable|good enough)|unbelievable|an outrage|a scandal|a nightmare|"
    r"scandalous|shameful|embarrassing|poor|bad|unprofessional|the last straw|beyond belief|"
    r"(?:a )?(?:terrible|awful|horrible|bad|very bad|poor|shocking) (?:service|experience))"
)
_UPSET = (
    r"(?:angry|furious|fed up|upset|annoyed|livid|frustrated|disappointed|appalled|disgusted|"
    r"unhappy|dissatisfied|cross|mad|sad|not (?:happy|pleased|amused|satisfied|impressed))"
)
_ABOUT = (
    r"(?:about|regarding|concerning|re|with regards? to|in regards? to|in relation to|"
    r"with reference to|in reference to|with respect to|for|on|from|in connection with|ref)"
)
_WRITE = r"(?:writing|contacting you|writing to you|messaging you|reaching out|getting in touch)"
_HELPERS = (
    r"(?:there|team|support|support team|everyone|everybody|all|sir|madam|ma'am|mister|"
    r"sir or madam|madam or sir|sir and madam|sir madam|sirs|ladies and gentlemen|"
    r"(?:customer|support) (?:service|services|support|care|team)(?: team)?|help desk|helpdesk|"
    r"guys|folks|shop|store|friend|friends|people|my friend|my dear|my friends|staff|service|"
    r"seller|again|you|you all|hello|to you|to all|support people|shop team|colleagues|mate|"
    r"customer service team|gents|good people|sir please|company|manager)"
)
_NICE = (
    r"(?:very |really )?(?:good|nice|great|lovely|fine|wonderful|pleasant|fantastic|happy|"
    r"productive|amazing|beautiful|fab)"
)
_DAY = (
    r"(?:day|morning|afternoon|evening|night|week|weekend|one|time|summer|"
    r"start (?:of|to) (?:the|your) (?:week|day)|rest of (?:the|your) (?:day|week))"
)
_WELL = r"(?:(?:all |very |doing )?(?:well|good|fine|great|ok|okay|in good health)|good spirits)"
_HELP = (
    r"(?:(?:quick|kind|great|good|prompt|speedy) )*(?:help|time|support|assistance|attention|"
    r"understanding|patience|cooperation|kindness|consideration|answer|reply|response|service|"
    r"efforts?|trouble)"
)
_THANKS = (
    r"(?:very much|so much|ever so much|so very much|a lot|lots|a bunch|a million|a ton|tons|a "
    r"heap|"
    r"loads|heaps|again|in advance|kindly|indeed|most kindly|sincerely|all|guys|team|everyone|mate|"
    r"beforehand|sir|madam|friend|my friend|dear|you|"
    rf"(?:for|and) (?:(?:all )?(?:your |the |any )?{_HELP})(?: (?:and|with) (?:this|{_HELP}|your "
    rf"{_HELP}))*|"
    r"for (?:reading|listening|helping(?: me)?|looking into (?:this|it)|your time and help)|x+)"
)
_REGARDS = (
    r"(?:(?:with|my|your|kind|kindest|best|warm|warmest|many|friendly|sincere|very|all) )*"
    r"(?:regards|wishes|greetings|respect)"
)
_CLOSE = (
    rf"(?:{_REGARDS}|best|sincerely|respectfully|yours|(?:yours |very )*"
    r"(?:sincerely|faithfully|truly|respectfully)(?: yours)?|take care|bye|bye bye|goodbye|"
    r"all the best|have a good one|god bless(?: you)?|cheers|warmly|warm|kindly yours|"
    rf"(?:a|your|from a|from your) (?:(?:very|disappointed|unhappy|angry|sad) )*{_CUSTOMER})"
)
_GRATITUDE = (
    rf"(?:(?:many|with|much|my|huge|big|warm|lots of|so many) )*(?:thanks|thank you|thanking you)"
    rf"(?: {_THANKS})*"
)
_GREETING = (
    rf"(?:hello|good (?:morning|afternoon|evening|day)|morning|afternoon|evening|happy \w+day)"
    rf"(?: (?:{_HELPERS}|(?:lovely|kind|wonderful|amazing|nice|great|good) {_HELPERS}))*"
)
ASIDE = any_of(
    rf"(?:(?:it is|this is|this message is|i am {_WRITE}|i write(?: to you)?) )?"
    rf"(?:(?:in|with) )?(?:{_ABOUT} )?{ORDER}",
    r"(?:my |the |this )?(?:order |purchase )?(?:number |no |nr |id |ref |reference )?"
    r"(?:of (?:my |the )?order )?is ORD",
    rf"(?:i (?:have|had|am having|got)|there is|there are) (?:a|an|some|the) (?:small |big |"
    rf"little )?"
    rf"(?:problems?|issues?|trouble|troubles|complaint) (?:with|about|regarding) (?:{ORDER}|my "
    rf"order)",
    rf"i (?:need|would like|am looking for) (?:some |your |a bit of )?help (?:with|on) {ORDER}",
    r"i have (?:really )?had (?:enough|it)(?: (?:of|with) (?:this|you|you people|waiting|your "
    r"shop|your company))?",
    rf"(?:this|that|it|this (?:is )?(?:service|company|shop|store)) (?:is|really is) {_VERY}"
    rf"(?:completely |totally |just )?{_AWFUL}|how (?:disappointing|annoying|frustrating)",
    r"(?:what )?(?:a )?(?:terrible|awful|horrible|poor|bad|shocking|appalling|worst) "
    r"(?:service|experience)(?: ever)?|shame on you|shame|unacceptable|ridiculous|unbelievable|"
    r"disgraceful|disgusting|outrageous|pathetic|worst (?:shop|store|company) ever|"
    r"(?:very |so |really )?(?:disappointing|annoying|frustrating|disappointed)|what a (?:mess|"
    r"shame)",
    rf"i am {_VERY}(?:(?:completely|totally) )?{_UPSET}(?: (?:now|about (?:this|it)|with (?:this|"
    rf"it|you|"
    rf"your (?:service|company|shop)|the (?:service|quality)|{ORDER})))?",
    _GREETING,
    r"to whom it may concern|how are you(?: (?:doing|all|today|doing today))*",
    rf"(?:i |and )?(?:do )?(?:hope|trust|hoping) (?:that )?(?:you are|you all are|this finds you|"
    rf"all is|"
    r"everything is|this message finds you|this email finds you|you and your family are|"
    rf"your (?:day|week) is(?: going)?|my message finds you|things are)(?: {_WELL})?(?: (?:today|"
    rf"there))?",
    rf"(?:i )?hope (?:that )?you (?:are (?:all )?having|(?:all )?(?:have|had)|are enjoying) (?:a |"
    rf"an |the |your )?"
    rf"(?:{_NICE} )?{_DAY}(?: (?:so far|too|everyone))?",
    rf"(?:i )?(?:wish|wishing) you (?:all )?(?:a |an )?(?:{_NICE} )?(?:{_DAY}|all the best|well)",
    rf"(?:have|enjoy) (?:a |an |the |your )?(?:{_NICE} )?{_DAY}(?: (?:ahead|everyone|all|too))?",
    rf"{_GRATITUDE}|{_GRATITUDE} (?:and|with) {_CLOSE}|{_CLOSE}(?: and {_GRATITUDE})?|{_CLOSE} "
    rf"and {_CLOSE}",
    rf"i (?:sincerely |would like to )?thank you(?: {_THANKS})*|x+|please and {_GRATITUDE}",
    r"please|please help(?: me)?(?: (?:with|on) this)?|(?:very |much |greatly |really "
    r")*appreciated|"
    r"i (?:would )?(?:really |greatly |much |very much )?appreciate (?:it|this|that|your help|any "
    r"help)"
    r"(?: (?:very much|a lot|so much))?",
    r"(?:that|this|it) would be (?:so |really |very |much )*(?:great|nice|lovely|kind|appreciated|"
    r"amazing|wonderful|fantastic|brilliant|helpful)(?: of you)?",
    r"please (?:confirm|advise|let me know|reply|answer(?: me)?|respond|do(?: so| it)?|do the "
    r"needful|"
    r"be quick|hurry|hurry up|act|act quickly|help|act now)(?: (?:soon|quickly|asap|by email|"
    r"(?:as soon as possible)|(?:the|this|my) (?:refund|cancellation)|receipt|when (?:it is|this "
    r"is) done|"
    r"when done|once done))?|do the needful|kindly do the needful",
    r"(?:i )?(?:am )?(?:look|looking) forward (?:to|for) (?:hearing (?:back )?from you|your "
    r"(?:kind |quick |prompt )*(?:reply|answer|response|confirmation))(?: soon)?",
    r"i (?:await|am awaiting|am waiting for|wait for) your (?:kind |quick |prompt )*"
    r"(?:reply|answer|response|confirmation)",
    r"(?:let me know|please let me know|just let me know) if you need (?:anything|something|any "
    r"more|"
    r"any|more|any other|further)(?: (?:else|more|information|info|details))?(?: from me)?",
    r"can you (?:please )?help(?: me)?(?: (?:with this|out))?(?: please)?|i need (?:your |some "
    r")?help",
    r"unfortunately|sadly|urgent|it is urgent|this is urgent|very urgent|asap|now|right now|"
    r"immediately|as soon as possible|right away|straight away|at once|quickly|quick|today please",
    rf"(?:i am )?{_VERY}sorry (?:to (?:be a (?:pain|bother|nuisance)|bother you|trouble you|"
    rf"disturb you|"
    r"bother|hassle you|nag|complain)(?: (?:again|with this|on a \w+day|about this))?|"
    r"(?:to be|for being) a (?:pain|bother|nuisance)|for (?:the|any|this|all the|my) (?:trouble|"
    r"bother|inconvenience|hassle|fuss|bad english|"
    r"poor english|english|long message|disturbance))|(?:excuse|forgive|sorry for|excuse me for) "
    r"my (?:bad |poor )?english",
    rf"i am (?:a|your) {_CUSTOMER}(?: (?:of yours|for (?:many|some|NUMBER) years))?|"
    rf"i have been (?:a|your) {_CUSTOMER}(?: of yours)?(?: for (?:a long time|(?:many|some|"
    rf"NUMBER) years))?",
    r"quick (?:one|request|note|message)(?: from me)?|(?:just )?a quick (?:one|request|note|"
    r"message)|"
    r"me again|it is me again|hope (?:that|this) is (?:ok|okay|all right|alright|fine)",
    r"(?:worst|terrible|awful|horrible|bad|poor) (?:purchase|buy|product|shop|store|company)(?: "
    r"ever)?|"
    r"(?:with )?(?:my )?apologies for (?:the|any) (?:trouble|inconvenience|bother)|(?:with "
    r")?(?:much )?gratitude|"
    r"i need (?:a|your|some) (?:favour|help)|(?:quick |small )?favour(?: please)?|i remain|"
    r"i am beyond (?:disappointed|angry|annoyed|frustrated)|(?:absolutely |totally |really "
    r")?(?:disgusting|appalling|"
    r"shocking|pathetic|useless|rubbish) service|for the last time|do not waste my time|how hard "
    r"can it be|"
    r"at your earliest convenience|i paid (?:good|a lot of) "
    r"money(?: for (?:it|this|ORD))?|"
    r"my new GOODS ORD|(?:another|monday|friday) morning|i love shopping (?:here|with you)|"
    r"i (?:love|like) your (?:shop|store|products)|(?:btw|fyi|tbh|by the way)",
)
