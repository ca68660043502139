"""Given names that are one name: short forms, and the spellings that a name is given when it changes its alphabet.

Only forms that no parents give to two children at once: `jack` and `john`, or `harry` and `henry`, are two names today and
are not here. A name may be a form of several (`alex`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_FORMS: Final = """
abdullah abdallah abdulah | abdul abdal abdel | abigail abbie abby abi | adam adem | ahmed ahmad ahmet achmed
aisha ayesha aysha aicha ayisha aishah | alexander alex aleksander aleksandr alexandr alec sasha alasdair alistair
alexandra alex aleksandra lexi sasha alessandra | ali aly | amelia amelie amilia | amina aminah ameena amena
andrew andy drew andrei andrej andrzej | anthony tony antony anton antoni antonio | anna ana | ann anne annie
annabel annabelle anabel | antonia toni | arthur art | aoife eefa | ayaan ayan | barbara babs barbra
benjamin ben benji benny | bilal billal belal | bridget bridie brigid | caitlin kaitlin kaitlyn katelyn caitlyn
catherine katherine kathryn katharine cathy kathy kate katie kat cath katarzyna kasia ekaterina katya katerina
charlotte charlie lottie char | charles charlie chas chuck | christina tina chrissie kristina krystyna
christine chris chrissie kristine | christopher chris kit kris krzysztof | ciara keira kiera kira | claire clare klara clara
connor conor konnor | daniel dan danny daniyal danyal daniil | david dave davey dawid daud dawood dawud
deborah debbie deb debra | declan deklan | dorothy dot dottie | dominic dom dominik | dylan dillon dillan
edward ed eddie ted teddy ned edouard eduard | eleanor ellie nell elinor nellie eleanora | elijah eli ilyas elias
elizabeth liz lizzie beth betty elisabeth libby betsy elzbieta lisbeth | emily em emmie emilie
emma em ema | eoin owen eoghan ewan euan ewen | erin eirin | eva eve eeva | fatima fatimah fatema fatma fatoumata
florence flo flossie florrie | frances fran frankie francesca | francesca fran frankie chess
francis frank frankie franciszek | frederick fred freddie freddy frederik | gabriel gabe | gabriella gabrielle gabby gabi
geoffrey jeffrey geoff jeff | george georgie jerzy jorge giorgi | georgina georgie gina | grace gracie
graham graeme grahame | gregory greg gregor grzegorz | habib habeeb | hassan hasan hassen | hannah hanna hana
harriet hattie harri
hamza hamzah hamsa | hussein hussain hossein husain husein hussayn | ibrahim ebrahim abraham brahim ibraheem
imogen immy imogene | imran emran | isaac ishaq izaak isac | isabella isabelle isabel izzy bella isobel izabela
ismail ismael ishmael esmail | jacob jake yaqub yakub jakub yaqoob | jacqueline jackie jacqui
james jim jimmy jamie | jamal jamaal djamal gamal | janet jan | jasmine jas yasmin yasmine yasmeen jasmin
jennifer jen jenny jenni
jessica jess jessie | joanna jo joanne | john jon johnny | jonathan jon jonny johnny johnathan jonathon
joseph joe joey yusuf josef jozef yousef yousuf youssef jusuf josip yosef yusef giuseppe | josephine jo josie | joshua josh yusha
judith judy jude | julia julka | katrina kat trina catriona | kevin kev | khadija khadijah khadeeja hadija
khalid khaled halid | kimberley kim kimberly | laura lora | lauren laurie loren | lawrence larry laurence laurie
leah lea | leila layla laila leyla | leonard len lenny leo | leonardo leo | lewis louis lou luis | lily lilly lili
louise lou louisa | lucas luke lukas lukasz | luca luka | lucy lucie luci | madeleine maddie maddy madeline madelaine
magdalena magda | malik maleek | malgorzata gosia margaret | margaret maggie meg peggy margo greta margarita
mariam maryam miriam mariyam | martin marty marcin | mary marie maria | matilda tilly tilda mathilda
matthew matt matty mateusz matei mateo mathew | maximilian max maximillian maks
megan meg meghan meagan | melissa mel missy | melanie mel | michael mike mick mickey mikey michal mikhail mikael micheal miguel
michelle shell chelle michele | mohammed muhammad mohamad mohammad muhammed mohamed mohd mo mahomed mehmet muhamad md
mustafa mostafa moustafa mustapha | nadia nadya nadiya | natalia natalie nat talia | natalie nat nathalie
natasha tasha nat | nathan nath | nathaniel nate | niamh neve nieve neave | nicholas nick nicky nicolas mikolaj nikolai
nicola nicky nikki | noor nur nour | nora norah eleonora | olivia liv livvy liwia | oliver ollie olly oliwier
oisin osheen usheen | omar umar omer | osama usama | padraig patrick paddy patrik | patricia pat patsy trish tricia patrycja
patience pat | paul pawel pavel paulo pablo | penelope penny | peter pete piotr petr pedro | philip phil phillip filip
rabia rabiya rabea | rachel rach rachael raquel | rahim raheem | rebecca becky bex becca rebekah rebeka | rhys rees reece reese
richard rich rick ricky dick richie ryszard | robert rob bob bobby robbie bert roberto | roisin rosheen rosaleen
ronald ron ronnie | rosemary rose rosie | rose rosie roza | ruby rubi | ryan rian | sadie sade | safiya safiyah safia
said saeed sayed saied syed sayeed | salma selma | samantha sam sammy | samuel sam sammy samuil | sandra sandie
sarah sara sally | sean shaun shawn | saoirse seersha sersha | shannon shan | sinead shinade
siobhan shivaun chevonne shevaun shiobhan | sophie sophia sofia zofia sofie zosia | stanislaw stan stanley
stephanie steph stefanie stefania | stephen steve steven stevie stefan szczepan stephan
suleiman sulaiman solomon suleman soliman
susan sue susie suzie suzanne zuzanna suzan | syed sayyid said | tabitha tabby | tadhg tadg | tariq tarek tarik tareq
thea theodora theia | theodore theo ted teddy teodor | theresa teresa terry tess tessa | thomas tom tommy tomasz tomas
timothy tim timmy | tobias toby tobi | usman osman uthman othman ousman | vanessa nessa | veronica ronnie vera weronika
victoria vicky tori vicki vikki wiktoria | victor vic viktor wiktor | vincent vince vinny | wendy wendi
william will bill billy liam willie wiliam | xavier javier zavier | yahya yehia yahia | yasin yaseen yassin
yvonne evonne | zachary zach zac zack zak zakariya zakaria zachariah | zainab zaynab zeinab zaineb | zahra zehra | zoe zoey zoya
oluwaseun seun | oluwatobi tobi | olumide mide | chukwuemeka emeka | ngozi ngo | xiaoming xiao | yelena elena helena jelena helen
aleksey alexei alexey | dmitri dmitry dmytro dimitri | evgeny yevgeny eugene evgenii | ivan iwan | julian julien
krishna krish krishnan | lakshmi laxmi | pooja puja | rohit rohith | siddharth sid sidharth | sunita suneeta | vijay wijay bijay
"""
GROUPS: Final[tuple[tuple[str, ...], ...]] = tuple(
    tuple(group.split()) for line in _FORMS.strip().splitlines() for group in line.split("|") if group.strip()
)
"""Each group's first name is the one that its forms are looked up under."""
_BY_NAME: Final[dict[str, frozenset[int]]] = {
    name: frozenset(n for n, members in enumerate(GROUPS) if name in members)
    for name in sorted({name for group in GROUPS for name in group})
}
_NONE: Final[frozenset[int]] = frozenset()


def groups_of(given: str) -> frozenset[int]:
    """The groups of a given name's first word, by number; empty for a name without other forms."""
    return _BY_NAME.get(given.partition(" ")[0], _NONE)


@lru_cache(maxsize=50_000)
def leading_forms(given: str) -> tuple[str, ...]:
    """The names under which a given name is looked up: the first of each of its groups, or its own first word."""
    first = given.partition(" ")[0]
    return tuple(sorted({GROUPS[number][0] for number in groups_of(first)})) or (first,)
