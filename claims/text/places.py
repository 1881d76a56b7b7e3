"""Which places a text names, in one canonical form each.

Promises: countries under their names, adjectives and a few capitals that stand for a
government ("Beijing said"), the world and the continents, and the states of the United
States; the same place has the same name however it is written. Refuses to guess: a
capitalised word that is not listed is no place here, and two places of one name stay
unresolved (Georgia is the country).
"""

from __future__ import annotations

import re
from functools import lru_cache

WORLD = "world"

# canonical: other ways to write it. Adjectives in -n/-an/-ian of the name are derived.
_LISTED = """
world: global, worldwide, globally, international, planet
Africa: African
Asia: Asian
Europe: European
European Union: EU, Brussels
euro zone: eurozone, euro area
North America: North American
South America: South American
Latin America: Latin American
Middle East: Middle Eastern
OECD:
G7:
G20:
BRICS:
Afghanistan: Afghan, Kabul
Albania: Albanian
Algeria: Algerian
Angola: Angolan
Argentina: Argentine, Argentinian, Buenos Aires
Armenia: Armenian
Australia: Australian, Canberra
Austria: Austrian, Vienna
Azerbaijan: Azerbaijani
Bahrain: Bahraini
Bangladesh: Bangladeshi, Dhaka
Belarus: Belarusian, Minsk
Belgium: Belgian
Bolivia: Bolivian
Bosnia and Herzegovina: Bosnia, Bosnian
Botswana: Botswanan
Brazil: Brazilian, Brasilia, Brasília
Bulgaria: Bulgarian
Burkina Faso: Burkinabe
Cambodia: Cambodian
Cameroon: Cameroonian
Canada: Canadian, Ottawa
Chad: Chadian
Chile: Chilean, Santiago
China: Chinese, Beijing, PRC
Colombia: Colombian, Bogota, Bogotá
Congo: Congolese, DRC, Democratic Republic of Congo, Democratic Republic of the Congo
Costa Rica: Costa Rican
Croatia: Croatian
Cuba: Cuban, Havana
Cyprus: Cypriot
Czech Republic: Czechia, Czech, Prague
Denmark: Danish, Copenhagen
Dominican Republic: Dominican
Ecuador: Ecuadorian
Egypt: Egyptian, Cairo
El Salvador: Salvadoran
Eritrea: Eritrean
Estonia: Estonian
Ethiopia: Ethiopian, Addis Ababa
Fiji: Fijian
Finland: Finnish, Helsinki
France: French, Paris
Georgia: Georgian, Tbilisi
Germany: German, Berlin
Ghana: Ghanaian
Greece: Greek, Athens
Guatemala: Guatemalan
Haiti: Haitian
Honduras: Honduran
Hong Kong:
Hungary: Hungarian, Budapest
Iceland: Icelandic
India: Indian, New Delhi, Delhi
Indonesia: Indonesian, Jakarta
Iran: Iranian, Tehran
Iraq: Iraqi, Baghdad
Ireland: Irish, Dublin
Israel: Israeli
Italy: Italian, Rome
Ivory Coast: Ivorian, Côte d'Ivoire
Jamaica: Jamaican
Japan: Japanese, Tokyo
Jordan: Jordanian
Kazakhstan: Kazakh
Kenya: Kenyan, Nairobi
Kosovo: Kosovan
Kuwait: Kuwaiti
Kyrgyzstan: Kyrgyz
Laos: Laotian
Latvia: Latvian
Lebanon: Lebanese, Beirut
Liberia: Liberian
Libya: Libyan
Lithuania: Lithuanian
Luxembourg:
Madagascar: Malagasy
Malawi: Malawian
Malaysia: Malaysian, Kuala Lumpur
Mali: Malian
Malta: Maltese
Mexico: Mexican, Mexico City
Moldova: Moldovan
Mongolia: Mongolian
Montenegro: Montenegrin
Morocco: Moroccan
Mozambique: Mozambican
Myanmar: Burma, Burmese
Namibia: Namibian
Nepal: Nepali, Nepalese, Kathmandu
Netherlands: Dutch, Holland, The Hague
New Zealand: New Zealander, Wellington
Nicaragua: Nicaraguan
Niger: Nigerien
Nigeria: Nigerian, Abuja, Lagos
North Korea: North Korean, Pyongyang
North Macedonia: Macedonian
Norway: Norwegian, Oslo
Oman: Omani
Pakistan: Pakistani, Islamabad, Karachi, Lahore
Palestine: Palestinian, Gaza, West Bank
Panama: Panamanian
Papua New Guinea:
Paraguay: Paraguayan
Peru: Peruvian
Philippines: Philippine, Filipino, Manila
Poland: Polish, Warsaw
Portugal: Portuguese, Lisbon
Qatar: Qatari, Doha
Romania: Romanian, Bucharest
Russia: Russian, Moscow, Kremlin
Rwanda: Rwandan
Saudi Arabia: Saudi, Riyadh
Senegal: Senegalese
Serbia: Serbian, Belgrade
Sierra Leone: Sierra Leonean
Singapore: Singaporean
Slovakia: Slovak
Slovenia: Slovenian
Somalia: Somali
South Africa: South African, Pretoria, Johannesburg
South Korea: South Korean, Seoul
South Sudan: South Sudanese
Spain: Spanish, Madrid
Sri Lanka: Sri Lankan, Colombo
Sudan: Sudanese
Sweden: Swedish, Stockholm
Switzerland: Swiss
Syria: Syrian, Damascus
Taiwan: Taiwanese, Taipei
Tajikistan: Tajik
Tanzania: Tanzanian
Thailand: Thai, Bangkok
Tunisia: Tunisian
Turkey: Turkish, Türkiye, Ankara
Turkmenistan: Turkmen
Uganda: Ugandan
Ukraine: Ukrainian, Kyiv
United Arab Emirates: UAE, Emirati, Dubai, Abu Dhabi
United Kingdom: UK, U.K., Britain, British, Great Britain, London, England, English
Scotland: Scottish, Edinburgh
Wales: Welsh, Cardiff
Northern Ireland: Belfast
United States: US, U.S., USA, America, American, Washington
Uruguay: Uruguayan
Uzbekistan: Uzbek
Venezuela: Venezuelan, Caracas
Vietnam: Vietnamese, Hanoi
Yemen: Yemeni
Zambia: Zambian
Zimbabwe: Zimbabwean
California: Californian
Florida:
New York: New Yorker
Texas: Texan
Alabama:
Alaska:
Arizona:
Colorado:
Connecticut:
Hawaii:
Illinois:
Kansas:
Louisiana:
Maryland:
Massachusetts:
Michigan:
Minnesota:
Mississippi:
Missouri:
Nebraska:
Nevada:
New Hampshire:
New Jersey:
North Carolina:
Ohio:
Oklahoma:
Oregon:
Pennsylvania:
South Carolina:
Tennessee:
Utah:
Virginia:
Wisconsin:
Punjab:
Sindh:
Scandinavia: Scandinavian
"""


def _read_listed() -> dict[str, str]:
    names: dict[str, str] = {}
    for line in _LISTED.strip().splitlines():
        canonical, _, others = line.partition(":")
        for name in (canonical, *others.split(",")):
            if name.strip():
                names[name.strip()] = canonical
    return names


_CANONICAL = _read_listed()
_WORLD_WORDS = frozenset(name for name, place in _CANONICAL.items() if place == WORLD)
_NAME_WORDS = frozenset(word for name in _CANONICAL for word in name.split())
_MOST_WORDS = max(len(name.split()) for name in _CANONICAL)
_TOKEN = re.compile(r"(?:[A-Z]\.){2,4}|[^\W_]+(?:-[^\W_]+)?(?:'(?!s\b)[^\W_]+)?")


@lru_cache(maxsize=4096)
def find_places(text: str) -> frozenset[str]:
    """The canonical names of all places that a text names.

    >>> sorted(find_places("Chinese exports to the U.S. fell; global trade rose."))
    ['China', 'United States', 'world']
    """
    tokens = _TOKEN.findall(text)
    found: set[str] = set()
    place = 0
    while place < len(tokens):
        if tokens[place].lower() in _WORLD_WORDS:
            found.add(WORLD)
        elif tokens[place][:1].isupper():
            taken = _longest(tokens, place)
            if taken:
                found.add(_CANONICAL[" ".join(tokens[place : place + taken])])
                place += taken - 1
        place += 1
    return frozenset(found)


def _longest(tokens: list[str], place: int) -> int:
    for count in range(min(_MOST_WORDS, len(tokens) - place), 0, -1):
        if " ".join(tokens[place : place + count]) in _CANONICAL:
            return count
    return 0


def _is_adjective(name: str, place: str) -> bool:
    """Whether a name is the place's own with another ending ("Chinese"), not a capital's."""
    if " " in name or " " in place or name == place:
        return False
    return name[:3] == place[:3] and name.endswith(("n", "i", "ese", "ish", "ch", "ek", "ak"))


ADJECTIVES: dict[str, str] = {
    name.lower(): place.lower()
    for name, place in _CANONICAL.items()
    if place != WORLD and _is_adjective(name, place)
}
"""One-word adjectives and the one-word country they are made from, both in lower case.

Capitals are left out: what is said of Beijing's streets is not said of China.
"""


def is_place_word(word: str) -> bool:
    """Whether one word as written ("Chinese", "global", "Kingdom") is of a listed place's name."""
    return word in _NAME_WORDS or word.lower() in _WORLD_WORDS
