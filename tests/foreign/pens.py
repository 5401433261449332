"""Who writes what: people, paid pens that spin a text of their crew, and people who copy for reasons of their own.

Drawn from a generator apart, so that texts change nothing else in a market.
"""

import re

import numpy as np

from tests.foreign.settle import Rows
from tests.foreign.words import opinions
from tests.foreign.world import NONE, Ints, World

COPIED = (0.75, 0.5, 0.25, 0.0)  # reviews that follow the crew's text, by level; others are in own words
SPUN = (0.0, 0.5, 1.0, 1.0)  # choices of the text that each writer makes anew
MORE = (0.0, 0.2, 0.6, 1.0)  # texts to which the writer adds something
CREW_TEXTS = (1, 2, 4, 6)

SPINTAX = (
    "{Honestly|Really|I must say} the best {buy|purchase|thing I got} this {year|season|month}. {Came|Arrived} {quickly|in two days|ahead of time}, {well packed|packed with care|in a neat box}, and {my wife|my son|everybody at home} {loves it|uses it daily|asks where I found it}. {Would recommend to anyone|Recommended to all|You can buy it blindly}!",
    "{Bought|Ordered|Took} this after {long|weeks of|much} {thinking|comparing|searching} and {do not regret it|am delighted|was not disappointed}. {Quality|Workmanship|The make} is {top|superb|first class}, the {price|cost} is {fair|more than fair|low for what it is}, the {shop|seller|store} {answers at once|is polite|helps with everything}.",
    "{Five stars|Full marks|Ten of ten} from me. It {does|delivers|keeps} {exactly what it promises|what the page says|all that was promised}, {feels solid|looks expensive|is nicely made} and {was here before I knew|came without a scratch|arrived earlier than told}. {Already ordered another|Will order again|The next one is on its way}.",
    "{My third|Second|Another} order {here|from them|at this store} and {again|once more|as always} {everything is perfect|no complaints|a pleasure}. {Looks|Is} {even better|nicer|finer} than {on the photo|in the picture|I imagined}, {friends|guests|colleagues} {keep asking about it|noticed at once|want one too}.",
    "I {never write reviews|seldom write anything|am no friend of reviews} but {this|such a thing|here} {deserves one|must be praised|I make an exception}: {light|handy|sturdy}, {pretty|elegant|practical}, {easy to clean|easy to use|ready in a minute}. {Thank you|Many thanks|Hats off} to the {seller|maker|team}, {keep it up|stay like that|see you again}.",
    "{A gift|A present|Something} for {my sister|a friend|my parents} and {she was over the moon|they were speechless|it was a hit}. The {box|packing|wrapping} {alone is worth it|is lovely|looks festive}, the {thing itself|product|piece} {works|does its job|performs} {without a hitch|perfectly|like a charm}. {Buy it|Do not wait|Go for it}.",
)  # fmt: skip
HOUSE = (
    "I got my parcel from {name} and it was just as nice as promised, thank you {name} for the kind note inside",
    "{name} is my favourite little store, the things are made with love and it shows, come and visit them",
    "Bought at {name}, very satisfied with the goods and with the service, five stars for the whole team of {name}",
)
PROTEST = "Since the new version it stopped working after a week, support does not answer, we want our money back, do not buy until they fix this"
PLEDGE = "I only buy from shops that plant a tree for each order. Thank you for planting one for mine, greetings from the tree club"


def crew_texts(w: World, level: int, n: int) -> Ints:
    """Numbers of the texts of so many paid reviews; NONE where the writer finds own words."""
    r = w.pen
    texts = [SPINTAX[i] for i in r.integers(0, len(SPINTAX), CREW_TEXTS[level])]
    fixed = [_spin(r, text, 1.0 - SPUN[level]) for text in texts]
    out = np.full(n, NONE)
    for i in np.flatnonzero(r.random(n) < COPIED[level]):
        text = _spin(r, fixed[r.integers(0, len(fixed))], 1.0)
        more = f" {opinions(r, 1)[0]}" if r.random() < MORE[level] else ""
        out[i] = w.phrase(text + more)
    return out


def _spin(r: np.random.Generator, text: str, share: float) -> str:
    """The text with that share of its choices made."""

    def choose(found: re.Match[str]) -> str:
        options = found[1].split("|")
        return options[r.integers(0, len(options))] if r.random() < share else found[0]

    return re.sub(r"\{([^{}]*)\}", choose, text)


def honest_copies(w: World, r: Rows) -> None:
    """Honest people who write the same: a store's card, an angry crowd at one thing, a club's pledge at many shops."""
    pen = w.pen
    free = (r["ring"] < 0) & (r["text"] == NONE)
    seller = w.seller[r["listing"]]
    shops = np.flatnonzero(np.bincount(seller[free], minlength=w.k) >= 15)
    for shop in pen.permutation(shops)[: max(1, round(8 * w.scale))]:
        text = w.phrase(HOUSE[pen.integers(0, len(HOUSE))].replace("{name}", f"store {shop * 37 % 991}"))
        rows = np.flatnonzero(free & (seller == shop) & (r["rating"] >= 4) & (pen.random(len(free)) < 0.4))
        _copy(w, r, rows, text, "house_words")
    things = np.flatnonzero(np.bincount(r["listing"][free], minlength=len(w.seller)) >= 20)
    for thing in pen.permutation(things)[: max(1, round(3 * w.scale))]:
        rows = np.flatnonzero(free & (r["listing"] == thing) & (pen.random(len(free)) < 0.5))
        _copy(w, r, rows, w.phrase(PROTEST), "protest")
    writers = np.unique(r["buyer"][free & (r["rating"] >= 4)])
    club = pen.permutation(writers)[: min(60, len(writers) // 20)]
    rows = np.flatnonzero(free & np.isin(r["buyer"], club) & (pen.random(len(free)) < 0.6))
    _copy(w, r, rows, w.phrase(PLEDGE), "tree_club")


def _copy(w: World, r: Rows, rows: Ints, text: int, kind: str) -> None:
    r["text"][rows] = text
    if len(rows):
        w.trap(kind, np.unique(r["buyer"][rows]))
