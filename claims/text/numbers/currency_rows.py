"""The currencies of the world as rows: what each is called and how it is written.

A row is ``code | name | nations | words | signs | plurals``. ``code`` is ISO 4217 (also of
currencies that are gone, which older articles speak of); ``name`` the singular in lower
case; ``nations`` what may stand before the last word of the name; ``words`` what names
the currency alone; ``signs`` what is written beside a number; ``plurals`` further forms
of the last word that need a nation before them ("peruvian soles").
"""

ROWS = """
USD|dollar|us,u.s.,american,united states|greenback|US$,U.S.$,USD$
EUR|euro||euro|€
GBP|pound sterling|british,uk,english|sterling,quid|£,UK£,GB£,PS
JPY|japanese yen|japanese|yen|¥,JP¥,Y=
CNY|chinese yuan|chinese|yuan,renminbi,rmb|RMB,CN¥,RMB¥
INR|indian rupee|indian||₹
PKR|pakistani rupee|pakistani,pakistan||
LKR|sri lankan rupee|sri lankan||
NPR|nepalese rupee|nepalese,nepali||
MUR|mauritian rupee|mauritian||
SCR|seychellois rupee|seychellois,seychelles||
IDR|indonesian rupiah|indonesian|rupiah|Rp
AUD|australian dollar|australian,aussie||A$,AU$,AUD$
CAD|canadian dollar|canadian||C$,CA$,CDN$,CAN$,CAD$,Can$,Cdn$
NZD|new zealand dollar|new zealand,kiwi||NZ$
HKD|hong kong dollar|hong kong||HK$
SGD|singapore dollar|singapore,singaporean||S$,SG$
TWD|new taiwan dollar|taiwan,taiwanese,new taiwan||NT$,TW$
JMD|jamaican dollar|jamaican||J$
BBD|barbadian dollar|barbadian,barbados||
BSD|bahamian dollar|bahamian||
BMD|bermudian dollar|bermudian,bermudan,bermuda||
BZD|belize dollar|belize,belizean||BZ$
KYD|cayman islands dollar|cayman islands,cayman||CI$
TTD|trinidad and tobago dollar|trinidadian,trinidad & tobago,trinidad and tobago||TT$
FJD|fijian dollar|fijian,fiji||
SBD|solomon islands dollar|solomon islands||SI$
SRD|surinamese dollar|surinamese,suriname||
TVD|tuvaluan dollar|tuvaluan||
KID|kiribati dollar|kiribati||
ZWL|zimbabwean dollar|zimbabwean,zimbabwe||Z$
ZWG|zimbabwe gold|||ZiG
NAD|namibian dollar|namibian||N$
LRD|liberian dollar|liberian||
GYD|guyanese dollar|guyanese,guyanaese||
BND|brunei dollar|brunei||B$
XCD|east caribbean dollar|east caribbean||EC$
CHF|swiss franc|swiss|franc swiss|SFr,Sfr,Fr
KRW|south korean won|south korean,korean|won|₩
KPW|north korean won|north korean||
ILS|shekel|israeli,new israeli,israeli new|shekel,sheqel,nis|₪
RUB|russian ruble|russian|ruble,rouble|₽
BYN|belarusian ruble|belarusian,belarusan|||rouble,roubles
UAH|ukrainian hryvnia|ukrainian|hryvnia,hryvna,hryven|₴
PLN|polish zloty|polish|zloty,złoty,zlotych|zł
CZK|czech koruna|czech|koruna,koruny,korun|Kč
SKK|slovak koruna|slovak||
HUF|hungarian forint|hungarian|forint
RON|romanian leu|romanian|lei,leu||lei,leu
MDL|moldovan leu|moldovan|||lei
BGN|bulgarian lev|bulgarian|leva,lev||leva
SEK|swedish krona|swedish|krona,kronor||kronor
NOK|norwegian krone|norwegian|||kroner,kroners
DKK|danish krone|danish|||kroner,kroners
ISK|icelandic krona|icelandic|krónur||króna,krónur,kronur
TRY|turkish lira|turkish|lira|₺,TL
LBP|lebanese pound|lebanese,lebanon|||lira,lire
EGP|egyptian pound|egyptian,egypt||E£
SYP|syrian pound|syrian|||lira
SDG|sudanese pound|sudanese||
SSP|south sudanese pound|south sudanese||
FKP|falkland islands pound|falkland islands,falkland||
GIP|gibraltar pound|gibraltar||
SHP|saint helena pound|saint helena,st. helena,st helena||
BRL|brazilian real|brazilian|reais|R$|reais
ZAR|south african rand|south african|rand
MXN|mexican peso|mexican,mexico||MX$,Mex$
ARS|argentine peso|argentine,argentinian,argentinean||AR$
CLP|chilean peso|chilean||CLP$
COP|colombian peso|colombian||COL$
PHP|philippine peso|philippine,filipino,philippines||₱
CUP|cuban peso|cuban||
UYU|uruguayan peso|uruguayan||
DOP|dominican peso|dominican||RD$
THB|thai baht|thai|baht|฿
MYR|malaysian ringgit|malaysian,malaysia|ringgit|RM
VND|vietnamese dong|vietnamese|dong,đồng|₫
NGN|nigerian naira|nigerian|naira|₦
GHS|ghanaian cedi|ghanaian|cedi|GH₵,₵
KES|kenyan shilling|kenyan||KSh,Ksh,Kshs,KShs
UGX|ugandan shilling|ugandan||USh,Ush,UShs,Ushs
TZS|tanzanian shilling|tanzanian||TSh,Tsh,TShs,Tshs
SOS|somali shilling|somali||
BDT|bangladeshi taka|bangladeshi|taka|৳,Tk
BTN|bhutanese ngultrum|bhutanese|ngultrum|Nu
AED|uae dirham|uae,emirati,united arab emirates||Dh,Dhs
MAD|moroccan dirham|moroccan||
SAR|saudi riyal|saudi,saudi arabian||SR
QAR|qatari riyal|qatari|||rial,rials
OMR|omani rial|omani|||riyal,riyals
IRR|iranian rial|iranian||﷼
YER|yemeni rial|yemeni|||riyal,riyals
KWD|kuwaiti dinar|kuwaiti,kuwait||
BHD|bahraini dinar|bahraini,bahrain||
IQD|iraqi dinar|iraqi,iraq||
JOD|jordanian dinar|jordanian,jordan||
TND|tunisian dinar|tunisian||
DZD|algerian dinar|algerian||
LYD|libyan dinar|libyan||
RSD|serbian dinar|serbian||
MKD|macedonian denar|macedonian,north macedonian|denar,denari||denari
BAM|convertible mark|bosnia-herzegovina convertible,bosnian convertible,convertible
KZT|kazakhstani tenge|kazakh,kazakhstani|tenge|₸
KGS|kyrgyzstani som|kyrgyz,kyrgyzstani,kyrgystani
MNT|mongolian tugrik|mongolian|tugrik,togrog,tögrög|₮
UZS|uzbek som|uzbek,uzbekistani|som||sum,sums,soum,soums
TJS|tajikistani somoni|tajik,tajikistani|somoni
TMT|turkmenistani manat|turkmen,turkmenistani,turkmenistan
AFN|afghan afghani|afghan|afghani|؋
MMK|burmese kyat|burmese,myanmar|kyat
KHR|cambodian riel|cambodian|riel|៛
LAK|lao kip|lao,laotian|kip|₭
PEN|peruvian sol|peruvian|nuevo sol,nuevos soles|S/|soles
VES|venezuelan bolivar|venezuelan|bolivar,bolívar,bolivares||bolívar,bolívars,bolivares
BOB|bolivian boliviano|bolivian|boliviano
PYG|paraguayan guarani|paraguayan|guarani,guaraní,guaranies,guaraníes|₲
CRC|costa rican colon|costa rican|colones|₡|colón,colóns,colones
GTQ|guatemalan quetzal|guatemalan|quetzal,quetzales
HNL|honduran lempira|honduran|lempira
NIO|nicaraguan cordoba|nicaraguan|cordoba,córdoba||córdoba,córdobas
PAB|panamanian balboa|panamanian|balboa
HTG|haitian gourde|haitian|gourde
ETB|ethiopian birr|ethiopian|birr
ERN|eritrean nakfa|eritrean|nakfa
ZMW|zambian kwacha|zambian|kwacha
MWK|malawian kwacha|malawian||
AOA|angolan kwanza|angolan|kwanza
MZN|mozambican metical|mozambican|metical,meticais
BWP|botswana pula|botswana,botswanan|pula
LSL|lesotho loti|lesotho,basotho|maloti||maloti
SZL|swazi lilangeni|swazi,eswatini|lilangeni,emalangeni||emalangeni
GMD|gambian dalasi|gambian|dalasi
SLE|sierra leonean leone|sierra leonean,sierra leone
MGA|malagasy ariary|malagasy|ariary,ariaries||ariaries
MRU|mauritanian ouguiya|mauritanian|ouguiya
CVE|cape verdean escudo|cape verdean,cabo verdean,cape verde
STN|sao tome and principe dobra|são tomé & príncipe,sao tome and principe|dobra
XOF|west african cfa franc|west african cfa,west african|cfa franc|CFA
XAF|central african cfa franc|central african cfa,central african||FCFA
XPF|cfp franc|cfp,pacific
RWF|rwandan franc|rwandan||
BIF|burundian franc|burundian,burundi
CDF|congolese franc|congolese
DJF|djiboutian franc|djiboutian,djibouti
GNF|guinean franc|guinean
KMF|comorian franc|comorian,comoran
GEL|georgian lari|georgian|lari|₾
AMD|armenian dram|armenian|dram|֏
AZN|azerbaijani manat|azerbaijani|manat|₼
ALL|albanian lek|albanian|lek,lekë,leke||lekë,leke
AWG|aruban florin|aruban
XCG|caribbean guilder|caribbean
ANG|netherlands antillean guilder|antillean,netherlands antillean
PGK|papua new guinean kina|papua new guinean,papua new guinea|kina
TOP|tongan paʻanga|tongan|paʻanga,pa'anga,pa’anga,paanga|
VUV|vanuatu vatu|vanuatu|vatu
WST|samoan tala|samoan|tala
HRK|croatian kuna|croatian|kuna
FIM|finnish markka|finnish|markka,markkaa,markkas
DEM|deutsche mark|german|deutschmark,deutsche mark,d-mark,deutschemark
FRF|french franc|french||
BEF|belgian franc|belgian||
LUF|luxembourg franc|luxembourg
ITL|italian lira|italian|lire||lire
MTL|maltese lira|maltese
ESP|spanish peseta|spanish|peseta
PTE|portuguese escudo|portuguese|escudo
NLG|dutch guilder|dutch|guilder
ATS|austrian schilling|austrian|schilling
GRD|greek drachma|greek|drachma,drachmae
IEP|irish pound|irish|punt
CYP|cypriot pound|cypriot
SIT|slovenian tolar|slovenian|tolar
EEK|estonian kroon|estonian|kroon,krooni
LVL|latvian lats|latvian
LTL|lithuanian litas|lithuanian|litas,litai
MOP|macanese pataca|macanese,macau|pataca
MVR|maldivian rufiyaa|maldivian|rufiyaa
XDR|special drawing right||special drawing right,sdr
BTC|bitcoin||bitcoin,btc|₿
ETH|ether||ether
"""

# Hundredths and the like: code | forms, the first is the name. "Ore", "bani" and "para" are words.
SMALL_ROWS = """
cent|cent,cents,¢,us cent,us cents,u.s. cent,u.s. cents
GBX|penny,pence,p,pennies
paisa|paisa,paise,paisas
kopek|kopek,kopeks,kopeck,kopecks,kopeyka,kopiyka,kopiykas
sen|sen
fils|fils
centavo|centavo,centavos
centime|centime,centimes
kobo|kobo
pesewa|pesewa,pesewas
halala|halala,halalas
piastre|piastre,piastres,piaster,piasters
stotinka|stotinka,stotinki
fen|fen
jiao|jiao
øre|øre,öre
grosz|grosz,groszy,grosze
agora|agora,agorot
haler|haler,halers,haléř,haléřů
satang|satang
ngwee|ngwee
"""
