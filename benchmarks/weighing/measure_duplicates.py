"""Near-duplicates among many claims: ``python benchmarks/weighing/measure_duplicates.py [COUNT]``.

Promises, for COUNT made-up claims (100,000), how many are found again in another case, with
a typing slip and in another word order, how often another number is called a duplicate, and
the milliseconds a question takes. The claims come from a fixed seed, so that runs compare.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from claims.text.match_index import MatchIndex  # noqa: E402

_WHO = "ministry central bank police army union court agency party company airline city"
_DID = "said reported confirmed denied announced estimated told counted claimed expects"
_WHAT = (
    "homes were destroyed by the storm|people were killed in the flood|jobs will be cut|"
    "schools have no water|tonnes of rice were exported|cars were recalled|hectares burned|"
    "patients are waiting for a bed|migrants crossed the border|tests came back positive|"
    "houses will be built|trains were cancelled|votes were counted twice|firms closed|"
    "dollars were spent on roads|shops were looted|bridges need repair|voters stayed at home"
)
_WHERE = (
    "Sindh Punjab Kerala Assam Lagos Nairobi Manila Hanoi Lima Quito Turin Lyon Porto Leeds Bergen "
    "Malmo Riga Minsk Baku Tunis Accra Dakar Harare Lusaka Amman Muscat Busan Osaka Perth Cali"
)
_WHEN = "on Monday|last week|in May|this year|since January|in the spring|over the weekend"
WHO, DID, WHERE = _WHO.split(), _DID.split(), _WHERE.split()
WHAT, WHEN = _WHAT.split("|"), _WHEN.split("|")
ASKED = 400


def make_claims(count: int, chance: random.Random) -> list[str]:
    """``count`` different claims, each with a number of its own."""
    made: dict[str, None] = {}
    while len(made) < count:
        number = f"{chance.randrange(2, 900_000):,}"
        made[
            f"The {chance.choice(WHO)} {chance.choice(DID)} that {number} {chance.choice(WHAT)} "
            f"in {chance.choice(WHERE)} {chance.choice(WHEN)}."
        ] = None
    return list(made)


def slip(text: str, chance: random.Random) -> str:
    """One letter of one long word swapped with its neighbour."""
    words = text.split()
    places = [n for n, word in enumerate(words) if len(word.strip(".")) > 3 and word[0].isalpha()]
    place = chance.choice(places)
    letter = chance.randrange(1, len(words[place]) - 2)
    word = words[place]
    words[place] = word[:letter] + word[letter + 1] + word[letter] + word[letter + 2 :]
    return " ".join(words)


def reorder(text: str, chance: random.Random) -> str:
    """The same words in another order."""
    words = text.rstrip(".").split()
    chance.shuffle(words)
    return " ".join(words)


def renumber(text: str, chance: random.Random) -> str:
    """The same claim with another number."""
    return " ".join(
        f"{chance.randrange(2, 900_000):,}" if word[0].isdigit() else word for word in text.split()
    )


def figures(count: int = 100_000) -> dict[str, float]:
    """Shares found by kind of change, the share of wrong duplicates, median milliseconds."""
    chance = random.Random(20251017)
    claims = make_claims(count, chance)
    index = MatchIndex(claims)
    asked = chance.sample(range(count), ASKED)
    told: dict[str, float] = {"claims": count}
    spent = []
    changes = {"case": lambda text, _: text.upper(), "typo": slip, "order": reorder}
    for name, change in changes.items():
        hits = 0
        for place in asked:
            question = change(claims[place], chance)
            started = time.process_time()
            found = index.find_duplicates(question)
            spent.append(time.process_time() - started)
            hits += any(match.index == place and like.is_duplicate for match, like in found)
        told[name] = hits / ASKED
    wrong = 0
    for place in asked:
        found = index.find_duplicates(renumber(claims[place], chance))
        wrong += any(match.index == place and like.is_duplicate for match, like in found)
    told["other_number"] = wrong / ASKED
    told["milliseconds"] = round(1000 * statistics.median(spent), 2)
    return told


def main() -> None:
    """Print one line of JSON."""
    print(json.dumps(figures(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)))


if __name__ == "__main__":
    main()
