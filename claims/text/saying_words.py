"""Verbs that attribute what is said, and nouns that can be who says it.

Promises closed lists, small letters, our own. A *firm* verb attributes wherever it stands behind
who says it; a *weak* one has other uses ("reported a profit", "added salt") and attributes only
before "that", a quotation, a comma or the end.
"""

from __future__ import annotations

_FIRM = """
said says say announced announces claimed claims claim argued argues argue stated states insisted
insists insist denied denies deny alleged alleges allege warned warns warn told tells revealed
reveals confirmed confirms contended contends contend asserted asserts assert declared declares
acknowledged acknowledges admitted admits tweeted testified conceded concedes suggested suggests
suggest hailed accused accuses accuse predicted predicts predict complained complains
estimates complain boasted boasts reiterated vowed vows pledged pledges disclosed documented
"""
_WEAK = """
reported reports report estimated estimate maintained maintains maintain noted notes note
wrote writes write believe believes believed explained explains explain added adds add found finds
find showed shows show recalled recalls recall replied replies reckons reckon reckoned concluded
concludes conclude counted counts calculated calculates responded commented remarked observed
"""
_PASSIVE = """
accused criticised criticized charged blamed condemned denounced described reported estimated
rejected dismissed praised
"""
_GROUPS = """
critics critic proponents opponents opponent supporters supporter advocates officials official
experts expert analysts analyst observers observer economists economist researchers researcher
scientists scientist insiders sources source authorities authority police prosecutors prosecutor
lawmakers lawmaker campaigners activists activist investors doctors doctor farmers residents
witnesses witness diplomats diplomat regulators regulator company government ministry agency army
navy department office party parties council firm operator hospital mayor governor judge lawyers
lawyer groups group organisation organization charity charities commission committee court bank
union unions minister president spokesman spokeswoman spokesperson report reports study studies
survey surveys poll paper newspaper magazine watchdog narratives media parliament opposition aide
aides airline auditors auditor leaders leader executive executives chairman chairwoman director
chief secretary ambassador general commander soldiers neighbours neighbors villagers relatives
families teachers nurses engineers engineer historians historian institute think-tank university
college church federation association alliance coalition network broadcaster channel website
manufacturer carmaker retailer supplier developer owner owners founder author authors writer
inspectors inspector investigators investigator detectives commissioner senator senators
congressman congresswoman delegates delegation envoy rebels militants fighters dealers traders
brokers economist forecasters meteorologists conservationists environmentalists parents
statement filing indictment memo audit inquiry
"""
_DATA = """
figures data estimates statistics documents records report reports study studies survey surveys
poll polls census research analysis statement filings accounts
"""
_NOBODY = """
he she it they we i you this that these those there who which what nobody none someone everybody
everyone anyone somebody one people law sign plan rule label constitution
"""
_LEADS = """
the but and yet so while when as after because however meanwhile in on at for from by today
yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday january february march
april may june july august september october november december since although though where if last
this now then nobody still also moreover instead later earlier
"""
_ADVERBS = "has have had also later further repeatedly recently publicly now once then again long"
_PASSED_OVER = "nothing goodbye hello farewell little yes no prayers grace"

FIRM_VERBS = frozenset(_FIRM.split())
WEAK_VERBS = frozenset(_WEAK.split())
SPOKEN_VERBS = frozenset(
    [
        *("wrote", "writes", "explained", "explains", "added", "adds", "recalled", "recalls"),
        *(
            "replied",
            "replies",
            "concluded",
            "concludes",
            "responded",
            "remarked",
            "noted",
            "notes",
        ),
    ]
)
"""Weak verbs that may stand before their speaker: "“No,” replied Ann Lee"."""
PASSIVE_VERBS = frozenset(_PASSIVE.split())
GROUP_NOUNS = frozenset(_GROUPS.split())
DATA_NOUNS = frozenset(_DATA.split())
NOBODY = frozenset(_NOBODY.split())
LEADS = frozenset(_LEADS.split())
BEFORE_VERB = frozenset(_ADVERBS.split())
PASSED_OVER = frozenset(_PASSED_OVER.split())
"""What turns "said" into no assertion: "said nothing", "said goodbye"."""
