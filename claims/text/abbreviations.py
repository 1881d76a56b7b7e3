"""The words that decide whether a full stop ends a sentence.

Closed lists, small letters, without the final dot. They hold what English news,
reports and papers abbreviate; a word that is missing here costs one wrong cut and
nothing else, so a doubtful word stays out.
"""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Stand before a name: the dot never ends the sentence.
TITLES = _words(
    "mr mrs ms mx dr prof gen lt col maj capt cpt sgt cpl pvt adm rear cmdr brig sen rep gov pres "
    "rev hon fr msgr messrs mme mlle st ste mt ft supt det insp amb sec treas asst assoc dep "
    "lt.-gen maj.-gen lt.gen maj.gen lt.col sra srta dra eng ald comr cllr sr.supt mses drs profs "
    "sens reps gens gov.-elect pfc spc wg gp sqn flt"
)
# Never the last word of a sentence in practice.
ALWAYS_JOINED = _words(
    "e.g i.e eg ie vs v.s cf viz ca approx resp incl excl esp al.e n.b p.s aka a.k.a f.k.a nee n° "
    "nº et.al"
)
# Joined only before a number ("No. 5", "p. 55", "fig. 3").
BEFORE_NUMBER = _words(
    "no nos p pp fig figs eq eqs sec secs art arts vol vols ch chap para paras pt pts ref refs n "
    "nr rs rp re c ver v tab table.no ser bk app ex op par cl sch rm rms apt ste tel ext"
)
MONTHS = _words(
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun"
)
# May stand last; the sentence ends only if what follows plainly starts another.
USUALLY_JOINED = _words(
    "inc corp ltd co cos bros llc plc jr sr esq ph.d phd m.d b.a m.a b.sc m.sc d.c u.s u.k u.n "
    "e.u u.s.a u.a.e u.s.s.r a.m p.m a.d b.c b.c.e c.e etc al est dept univ assn assoc dist div "
    "gov't ave blvd rd hwy bldg sq ln pkwy ariz calif colo conn del fla ga ill ind kan ky la md "
    "mass mich minn miss mo mont neb nev okla ore pa tenn tex va vt wash wis wyo ala ark n.y n.j "
    "n.c n.d n.m n.h s.c s.d w.va r.i l.a a.k.a mfg intl int'l natl nat'l govt max min avg temp "
    "sp spp var subsp lb lbs oz ft sq.ft cu yr yrs mos hr hrs hosp inst ed eds trans repr rev pvt "
    "pty cia s.a s.p.a n.v b.v a.g"
)
# Of those, words written small that do end sentences.
PLAIN_WORD_ENDINGS = _words(
    "etc al a.m p.m lb lbs oz yr yrs hr hrs co cos bros inc ltd sp spp st ft sq.ft max min avg ed "
    "eds est"
)
# Words that, written with a capital in mid-text, all but surely start a sentence.
SENTENCE_STARTERS = _words(
    "the a an this that these those there here he she it they we you i his her its their our my "
    "your in on at by for from with without after before during since until while when where why "
    "how what who which whose if but and or so yet because although though however moreover "
    "meanwhile nevertheless therefore thus then also as despite according both some many most "
    "several all no not none each every other others another one two three four five six seven "
    "eight nine ten under over between among against about such more less even just only once did "
    "do does is are was were has have had can could will would should may might must please let "
    "now today yesterday tomorrow earlier later last next first second third finally instead "
    "indeed still again perhaps to of nor unlike like given asked speaking critics officials "
    "experts analysts people nobody everyone nothing something"
)
# After a cry or a question in quotes, these carry the sentence on.
SPEECH_VERBS = _words(
    "said says say asked asks told tells added adds replied wrote writes tweeted posted shouted "
    "cried exclaimed wondered answered continued demanded explained insisted joked noted recalled "
    "remarked quipped declared"
)
