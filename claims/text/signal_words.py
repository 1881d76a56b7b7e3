"""The words that give a sentence away, by what they signal.

Promises closed lists, small letters, our own; each holds words whose class hardly
depends on what stands around them, so that looking a word up is enough. A word may
signal two things. Refuses phrases: those are for :mod:`claims.text.rules`.
"""

from __future__ import annotations

from typing import Final

SHARE: Final = """
% percent cent percentage pc proportion share majority third thirds quarter quarters half fifth
fraction tenth minority
"""
MONEY: Final = """
$ £ € ₹ ¥ dollar dollars euro euros pound pounds rupee rupees rs yuan yen cents usd eur gbp pkr
inr renminbi rouble roubles peso pesos lira
"""
SCALE: Final = """
hundred hundreds thousand thousands million millions billion billions trillion trillions lakh
lakhs crore crores dozen dozens bn mn tn doubled triple tripled quadrupled twice thrice twofold
threefold tenfold halved two three four five six seven eight nine ten eleven twelve fifteen
twenty thirty forty fifty sixty seventy eighty ninety
"""
TIME: Final = """
january february march april june july august september october november december jan feb mar
apr jun jul aug sept sep oct nov dec monday tuesday wednesday thursday friday saturday sunday
yesterday annually monthly weekly daily year years month months week weeks day days decade
decades century centuries quarter ago since
"""
CHANGE: Final = """
rose rise risen rises rising fell fall fallen falls falling grew grow grown grows increased
increase increases increasing decreased decrease decreases declined decline declines dropped
drop drops surged surge soared soar climbed climb plunged plunge slumped slump shrank shrunk
shrink jumped jump doubled tripled halved expanded expands contracted contracts gained lost
added cut cuts raised raises lowered lowers reduced reduces tightened slowed slows accelerated
widened narrowed eased recovered rebounded exceeded exceeds reached reaches hit hits slipped
quadrupled outpaced overtook topped
"""
ACTION: Final = """
announced approved banned blocked bought built closed opened launched signed ratified repealed
passed voted vetoed won elected appointed resigned fired arrested charged convicted sentenced
jailed killed died injured attacked bombed invaded seized captured destroyed shipped exported
imported sold sells supplied supplies produced produces manufactured delivered received awarded
granted gave paid pays spent spends invested invests borrowed owed owes repaid donated funded
funds financed suspended imposed imposes lifted withdrew joined left visited met hosted
negotiated agreed rejected accepted filed sued ruled ordered issued published released recorded
registered reported collected employs employed hired laid departed arrived landed docked crossed
fled deported inked gifted discovered founded established created introduced abolished extended
postponed cancelled canceled merged acquired owns owned controls controlled controlling operates
operated runs holds held hosts occupies occupied covers covered contains contained dominated
dominates accounts accounted represents comprises consists lies sits borders receives spans
served serves supported opposed sponsored investigated restricted halted resumed detained
executed tested vaccinated infected documented violated relied depends brought deployed
stationed evacuated rescued displaced
"""
BEING: Final = """
is are was were has have had been remains remained became become being 's
"""
COMPARISON: Final = """
largest biggest smallest highest lowest most least more fewer less higher lower larger smaller
bigger greater fastest slowest longest shortest oldest youngest richest poorest worst best
record only first second third never ever than leading top main sole unprecedented compared
versus half twice
"""
ATTRIBUTION: Final = """
said says according told tells announced reported claimed claims confirmed stated denied alleged
argued argue argues insisted revealed showed shows found estimates estimated testified acknowledged
admitted warned noted added adds replied replies recalled recalls rued explained explains stressed
underlined observed remarked informed apprised quoted notes asserts asserted maintains maintained
suggest suggests suggested published survey study data figures statistics report poll census records
documents
"""
LAW: Final = """
law laws bill act treaty agreement deal sanctions tariff tariffs tax taxes budget deficit debt
export exports import imports controls ban vote votes court ruling constitution amendment
subsidy subsidies loan loans licence license permit regulation regulations rate rates policy
contract contracts
"""
MEASURED: Final = """
population unemployment inflation gdp growth jobs wages income poverty crime murders deaths
cases patients hospitals students schools workers soldiers troops refugees migrants immigrants
voters households homes prices production output reserves capacity revenue profit profits sales
exports imports trade investment spending emissions temperature tonnes tons barrels megawatts
gigawatts kilometres kilometers miles acres hectares shipments shipment investor partner
insurance coverage medicare veterans prisoners uninsured rainfall turnout
"""
FIRST_PERSON: Final = """
i me my mine myself we us our ours ourselves i'm i've i'll i'd we're we've we'll we'd
"""
SECOND_PERSON: Final = """
you your yours yourself yourselves you're you've you'll you'd
"""
HEDGE: Final = """
may might could perhaps possibly probably likely unlikely maybe seemingly apparently seems seem
seemed appears appear appeared arguably presumably potentially conceivably supposedly somewhat
"""
FUTURE: Final = """
will shall won't going gonna 'll i'll we'll you'll he'll she'll they'll it'll would wouldn't
inevitable inevitably eventually tomorrow someday future
"""
DUTY: Final = """
should must ought need needs needed let let's please shouldn't mustn't has-to have-to necessary
imperative
"""
BELIEF: Final = """
think believe feel hope guess suppose wish want know agree disagree opinion view mind doubt
imagine understand consider suspect trust love hate like
"""
VALUE: Final = """
great good bad terrible horrible wonderful beautiful amazing tremendous incredible disaster
disgrace shame shameful proud important better wrong right fair unfair strong weak smart stupid
nice sad tragic tragically brilliant ridiculous absurd outrageous remarkable striking impressive
darker dangerous reckless cynical hypocrisy hypocritical noble heroic harsh ugly uncomfortable
glittering painful naturally understandable overstated sadly unfortunately clearly obviously
frankly honestly truly simply merely pragmatic genuine meaningful fragile bold courageous
cowardly worthy dire ideal elegant dull delightful welcome refreshing bleak sensible foolish
naive shrewd hollow
"""
FIGURE: Final = """
savior saviour dance dancing gamble script mirror mirrors shadow shadows soul dawn twilight embrace
wallet backstab betrayal betrayals tightrope crossroads lifeline lifelines pawn puzzle tapestry
symphony chapter paradox illusion dream dreams nightmare eyebrows ghost ghosts courtship honeymoon
cornerstone backbone doorstep pendulum chokehold abyss tide journey
"""
ABSTRACT: Final = """
trust strategy strategic survival identity loyalty duplicity diplomacy autonomy consistency
convenience credibility pragmatism pragmatic pragmatically realism ideology ideological
symbolism substance strength ambition ambitions vision values dignity principle principles
freedom liberty justice hope fear morality wisdom maturity optionality manoeuvre maneuver
alignment relevance narrative narratives rhetoric sentiment spirit allegiance permanence
ambiguity opportunism recklessness sovereignty leverage recognition dynamics pivot signal
signals purpose purposes reality essence truth lesson lessons question questions debate mindset
perception
"""
COURTESY: Final = """
thank thanks hello welcome goodnight congratulations applause ladies gentlemen sir madam okay ok
yes yeah well sorry excuse please bless evening morning governor senator
"""
CONDITION: Final = """
if unless whether suppose supposing assuming
"""
NEGATION: Final = """
not no never none nothing nobody neither nor without isn't aren't wasn't weren't doesn't don't
didn't hasn't haven't hadn't can't cannot couldn't
"""
TRANSITION: Final = """
but yet however instead moreover rather therefore thus hence indeed still nevertheless
"""
PEOPLE: Final = """
people americans american families family children child kids women men woman man seniors
elderly workers worker taxpayers employees citizens residents middle-class class minorities
blacks whites hispanics latinos african-americans farmers teachers students veterans doctors
nurses patients owners businesses business companies company corporations employers firms banks
consumers households voters soldiers troops officers criminals terrorists population humans
victims
"""
BODY: Final = """
congress senate house administration government president governor senator secretary court
supreme parliament ministry minister department agency commission council pentagon fbi cia nato
un united nations committee party republicans democrats republican democrat state states federal
county city bank police army military union opponent predecessor mayor attorney general fed
treasury medicare medicaid hospital university school schools
"""
VAGUE: Final = """
thing things something anything everything way ways kind sort lot stuff someone somebody
everybody everyone anybody matter matters point points idea ideas issue issues place situation
job work together time
"""
INTENT: Final = """
try trying tries want wants wanted intend intends propose proposes proposed proposal plan plans
planning support supports commit committed commitment fight fighting stand standing protect
defend ensure make sure bring create build keep give get help let work working change changing
move forward start stop ask asking
"""
DISCOURSE: Final = """
look listen now anyway again also first second finally course talk talking talked say tell
telling question answer respond response debate minute minutes seconds tonight discuss mention
point let's here well right actually really
"""
EVER: Final = """
history ever record unprecedented since first largest worst highest lowest lost longest fastest
eliminated doubled every only all majority entire million millions
"""
GOOD_WILL: Final = """
freedom future leadership leader leaders responsibility opportunity opportunities challenge
challenges strong peace prosperity faith dream community hard courage character heart dignity
respect decent hope security safe safer better believe america world nation country
"""
CAUSE: Final = """
because caused cause causes led leads leading resulted result results due contributed drove
forced prevented allowed allows created responsible thanks blamed
"""
# Done by being said, and on record.
RECORD: Final = """
denied denies accused accuses blamed blames alleged alleges rejected rejects
refused refuses threatened threatens complained condemned condemns criticised criticized admitted
admits dismissed disputed disputes insisted insists sued objected objects boycotted protested
challenged conceded concedes confirmed confirms apologised apologized disowned retracted summoned
rebuked contradicted contradicts disclosed declared declares petitioned appealed resigned
"""
FEELING: Final = """
glad happy confident proud hopeful afraid worried convinced angry disappointed delighted thrilled
relieved excited grateful honoured honored sad sorry ashamed embarrassed upset furious tired pleased
feel feels felt thought loved crying cried dreamt smile smiled laugh laughed enjoy enjoyed remember
remembers nervous scared surprised shocked stunned heartbroken hoping wished
"""
URGED: Final = """
advised urged urges urge asked asks calls called demanded demands invited encouraged recommended
recommends appeals begged advise advises
"""
EXPECTED: Final = """
expected expect expects forecast forecasts predicts predicted predict aims aim hopes plans promises
promise promised pledge pledged pledges vowed vows intends targets target projected outlook chance
chances possibility prospects prospect
"""
# Small words stand for themselves in the order of word classes.
SMALL_WORDS: Final = """
the a an of in on at to for from by with and or but as that this it he she they we i you not no
is are was were be been have has had do does did will would can could should may might must if
than more most what who when where how why there so very all any every just about into over
under after before since because my your our their his her its
"""
# They end in -ed and tell of nothing done.
NOT_HAPPENED: Final = """
need indeed speed feed seed red bed shed hundred sacred led bred wed naked wicked rugged aged
beloved embed exceed proceed succeed agreed breed creed deed greed heed weed kindred
"""
