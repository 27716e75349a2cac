"""The name under a message, which asks for nothing.

A name is taken away only at the very end, after words that end a letter, and only where it begins
with a usual first name, an initial or a title. Names that are words as well (`Will`, `Mark`) are
no names here, for `Thanks, Will Not` is no signature.
"""

from __future__ import annotations

import re

_LIST = """
    aaron abdul abigail adam adele ahmed aisha alan albert alejandro alex alexander alexandra
    alfred ali alice alicia alison amanda amelia amir amy ana anastasia andrea andreas andrew
    andrzej angela anita anja ann anna anne anneliese annie anthony antonio arthur audrey
    barbara beatrice ben benjamin bernard bernice beth betty brenda brian bridget bruno carl
    carla carlos carmen carol caroline catherine cecil cecilia charles charlie charlotte chen
    chloe chris christian christina christine christopher claire clara claude colin connor
    cynthia daisy dan daniel daniela dave david deborah dennis derek diana diane diego dmitri
    dominic donald doreen doris dorothy dorothea doug douglas edgar edith edmund edna eduardo
    edward eileen elaine eleanor elena eli elizabeth ella ellen elsa elsie emily emma enid eric
    erica ernest ethel eugene eva evelyn fatima felix fernando fiona florence francesca francis
    frank franz fred frederick freda gareth gary geoffrey george georgina gerald gertrude gina
    giovanni giulia gladys glenn gloria gordon graham greta gwen gwendolyn hannah hans harold
    harriet harry hassan hazel heather helen helena henry herbert hilda howard hugh ian ibrahim
    ida igor imran ingrid irene iris isabel isabella ivan jacob jacqueline jake james jan jane
    janet janice jason javier jean jeffrey jennifer jenny jeremy jessica jim joan joanna joe
    joel johanna john jonas jonathan jorge jose josef joseph josephine joshua joyce juan judith
    judy julia julian julie karen karl kate katharine katherine kathleen kathryn katie keith
    kelly ken kenneth kevin kim klaus kristina kumar lars laura lauren laurence leo leon leonard
    leslie liam lillian lily linda lisa louis louise lucas lucia lucy luigi luis luke lydia
    mabel madeleine magdalena mai malcolm manuel marco margaret margarita margot maria marianne
    marie marilyn mario marion marjorie martha martin mary mateusz matthew maureen mavis max
    megan mei melanie melissa michael michelle miguel mike mildred miriam mohamed mohammed moira
    molly monica muhammad muriel nadia nancy naomi natalia natalie natasha neil nicholas nick
    nicola nicole nigel nina noah nora norman olga oliver olivia omar oscar otto pablo pamela
    patricia patrick paul paula pauline pavel pedro penelope peter petra philip phyllis pierre
    piotr priya rachel raj ralph raymond rebecca reginald richard rita robert roberta roger
    roland ronald rosa rosalind rosemary roy ruth ryan sally sam samantha samuel sandra sara
    sarah sean sergei sharon sheila shirley simon sofia sonia sophia sophie stanley stefan
    stella stephanie stephen steve steven stuart susan suzanne sven svetlana sylvia tamara tanya
    teresa theodore theresa thomas tim timothy tina tom tomasz tony tracy ursula valerie vanessa
    vera veronica victor victoria vincent viktor viola violet vivian walter wanda wei wendy
    wilfred wilhelm william winifred wolfgang xavier yan yasmin yolanda yusuf yvonne zoe
"""
_FIRST = "|".join(_LIST.split())
_END = (
    r"(?:regards|wishes|gratitude|inconvenience|assistance|help|kindness|remain|sincerely|"
    r"faithfully|truly|respectfully|yours|thanks|thx|thank you|cheers|"
    r"in advance|much|kindly|best|best,? from|a lot|for your (?:help|time|assistance|kind help))"
)
_TITLE = r"(?:(?:\(?(?:Mrs?|Ms|Miss|Dr|Prof)\)?\.?) )"
# A family name is a word with a capital letter; these are none.
_WORDS = r"(?!(?:No|Not|Never|Wait|Stop|Keep|But|If|Only|Just|Joking|Kidding)\b)"
_FAMILY = rf"{_WORDS}(?:Mc|Mac|O'|van |de |von )?[A-Z][a-z]{{2,}}(?:-[A-Z][a-z]+)?"
_NAME = (
    rf"(?:{_TITLE}?(?:(?i:{_FIRST})|[A-Z]\.)(?: [A-Z]\.)*(?: {_FAMILY})?"
    rf"|{_TITLE}(?:(?:[A-Z]\.?|{_FAMILY}) )?{_FAMILY})"
)
_SIGNED = re.compile(rf"\b((?i:{_END}))((?:[ ,.!\n]|[-\u2013\u2014](?= ))+){_NAME}[ .!\n]*\Z")
_OWN = re.compile(rf"\b(?i:my name is) {_NAME}(?=[ ]?[.,!\n]| and )")
_CALLED = re.compile(rf"\A((?i:dear|hello|hi|hey)) {_NAME}(?= ?[,.!\n])")


def without_names(text: str) -> str:
    """Take away the name at a message's end, the one addressed, and the one in `my name is`."""
    return _CALLED.sub(r"\1", _OWN.sub("hello", _SIGNED.sub(r"\1.", text)))
