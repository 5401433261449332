"""Every setting, with its unit and its reason. One frozen object is handed through the stages.

A threshold is here because a statistic or a cost asks for it, and was fixed on other markets than those it is
reported on.
"""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from toolkit.contracts.finding_settings import FindingSettings
from toolkit.contracts.gift_card_settings import GiftCardSettings
from toolkit.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

DAY: Final = 86_400
LOGARITHMS: Final = ("surprise", "surplus", "built_of")
"""How the names of settings end that are logarithms."""


@dataclass(frozen=True)
class LinkSettings:
    """How accounts are linked.

    Attributes:
        order_window_days: Two orders of one listing coincide within this many days: a ring works through a listing
            in one to two weeks at the pace that a listing's history bears.
        review_window_days: The same for reviews.
        click_window_days: The same for clicks; a session on a hot item is minutes long, a task list days.
        listing_window_days: Two acts of one buyer on two listings coincide within this many days; a ring's tasks on
            several listings are spread wider than the ring's work on one.
        season_days: Listings are compared within overlapping seasons of this length: rings of the highest camouflage
            that were published about work a listing set for up to three months.
        crowd_cap: Neighbours of an event on one thing that are looked at, each side: of a denser crowd only the nearest
            in time say something about a pair, and the others cost time that grows with the square of the crowd.
        buyer_cap: The same for one buyer's acts; more within the window is a wholesaler.
        near_cap: The same where pairs are weighed over all kinds of things: of a crowd, the nearest in time.
        meeting_surplus: Weight, beyond log10 of the number of accounts, of what a pair has in common: at 0 an account
            has about one chance partner, at 0.3 half of one, and a community needs many more links than that.
        least_shared: Shared things that make a pair; one shared thing is no coincidence.
        false_discovery: Benjamini-Hochberg rate for links between buyers, over all possible pairs.
        listing_surprise: -log10 p from which two listings are looked at together: a community of listings asks for many
            such pairs, and only proposes buyers to look at, so one pair need not stand against all others.
        alone_surprise: The same in seasons that stand alone, of half a year or of looks: in as long a time, and of what
            costs nothing, far more pairs of listings share somebody by taste.
        weight_cap: -log10 p beyond which a link weighs no more: one pair must not outweigh a group.
        hub: Accounts on one attribute value beyond which it is a shared place, never an edge.
        household: Accounts on one address and one more attribute, at most, that are one household.
        text_similarity: Estimated Jaccard similarity of shingles from which two texts are one: one word in six changed.
        text_hub: Accounts that wrote one text, beyond which it is a phrase of the market: the largest ring has fewer.
    """

    order_window_days: int = 14
    review_window_days: int = 14
    click_window_days: int = 3
    listing_window_days: int = 45
    season_days: int = 60
    crowd_cap: int = 80
    buyer_cap: int = 60
    near_cap: int = 40
    meeting_surplus: float = 0.0
    least_shared: int = 2
    false_discovery: float = 0.05
    listing_surprise: float = 2.0
    alone_surprise: float = 4.0
    weight_cap: float = 12.0
    hub: int = 30
    household: int = 5
    text_similarity: float = 0.65
    text_hub: int = 150


@dataclass(frozen=True)
class DetectSettings:
    """How groups are found and refined.

    Attributes:
        listing_resolution: Mean -log10 p between the listings of a community, at least: one pair in three at 3, as
            listings have of which a third of a ring orders each. Two rings that share a target may be in one community;
            they are told apart by what each half holds.
        meeting_resolution: Mean weight between the buyers of a community of those that met, at least: one pair in
            twelve must have met, at about 5 each.
        attribute_resolution: Mean weight between the accounts of a community of those that share attributes, at least:
            one pair in five shares a device of four accounts, or each pair an address of thirty.
        smallest: Members of a ring, at least: below it no group test has power after correction.
        largest: Members of a community beyond which it is split at three times the resolution.
        rounds: How often members and tokens are refined in turn; markets settle in three.
        token_surprise: -log10 p that makes a token one of the ring's, corrected for the window scan and for every token
            that any candidate holds: one chance in ten. It weighs members only; what `score` says needs more.
        least_share: Share of a ring's members on a listing or seller, at least, that makes it one of the ring's: what
            one member in ten does is not what joins them.
        member_prior_odds: The posterior odds that a member must reach, given a prior of ring size over accounts.
        founder_prior: Share of that prior (in log odds) that a buyer of the proposed community must overcome.
        overlap: Share of the smaller ring's members at which two candidates are one.
    """

    listing_resolution: float = 1.0
    meeting_resolution: float = 0.4
    attribute_resolution: float = 0.2
    smallest: int = 5
    largest: int = 150
    rounds: int = 3
    token_surprise: float = 1.0
    least_share: float = 0.1
    member_prior_odds: float = 1.0
    founder_prior: float = 0.6
    overlap: float = 0.5


@dataclass(frozen=True)
class ScoreSettings:
    """How rings are judged.

    Attributes:
        family_surprise: -log10 p at which a family speaks, corrected for every candidate that it was asked about: one
            chance in a hundred that any candidate of the run passes by luck.
        built_of: -log10 p that common purchases must reach to speak for a community that was built of them and of
            shared attributes: one of a thousand communities tried, and a hundredth to spare.
        strong: Score of a strong alert.
        moderate: Score of a moderate alert.
        lead: Score of a lead; what is weaker, or only lives together, is not kept, since nobody can look at it.
    """

    family_surprise: float = 2.0
    built_of: float = 5.0
    strong: float = 20.0
    moderate: float = 8.0
    lead: float = 10.0


@dataclass(frozen=True)
class Settings:
    """All settings of a run.

    Attributes:
        seed: Of everything that draws or breaks ties.
        calibrate: Null worlds of the same data that rings are compared with, for their q-values; 20 let q fall to 0.05
            of one ring. 0: q-values stay empty. Each takes about as long as the run itself.
        reject_limit: Share of a table's rows that may be rejected before the run stops.
        link: How accounts are linked.
        detect: How groups are found.
        score: How rings are judged.
        gift_cards: How gift cards after reviews are looked at.
        findings: How sellers and listings are judged.
    """

    seed: int = 0
    calibrate: int = 0
    reject_limit: float = 0.2
    link: LinkSettings = field(default_factory=LinkSettings)
    detect: DetectSettings = field(default_factory=DetectSettings)
    score: ScoreSettings = field(default_factory=ScoreSettings)
    gift_cards: GiftCardSettings = field(default_factory=GiftCardSettings)
    findings: FindingSettings = field(default_factory=FindingSettings)

    def as_dict(self) -> dict[str, Any]:
        """The settings as plain data, for the manifest."""
        return dataclasses.asdict(self)


def load(path: Path | None) -> Settings:
    """Settings from a TOML file; what it does not name keeps its default.

    Raises:
        UsageError: The file can't be read, or names a setting that there is not.
    """
    if path is None:
        return Settings()
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        todo = "see docs/settings.md for the grammar"
        raise UsageError(f"the settings can't be read: {error}", where=str(path), todo=todo) from error
    return filled(given, where=str(path))


def filled(given: dict[str, Any], *, where: str) -> Settings:
    """Settings from nested names, as a manifest or a TOML file holds them; what is not named keeps its default.

    Args:
        given: Section -> name -> value.
        where: What an error names as its place.

    Raises:
        UsageError: There is no such setting, or it is of another type, negative or too large.
    """
    settings: Settings = _filled(Settings(), given, where, "")
    return settings


def _filled(settings: Any, given: dict[str, Any], path: str, prefix: str) -> Any:
    known = {item.name: getattr(settings, item.name) for item in dataclasses.fields(settings)}
    values = {name: _value(known, name, value, path, prefix) for name, value in given.items()}
    return dataclasses.replace(settings, **values)


def _value(known: dict[str, Any], name: str, value: Any, path: str, prefix: str) -> Any:
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"known are: {', '.join(known)}"
        raise UsageError(f"there is no setting {prefix}{name}", where=path, todo=hint)
    default = known[name]
    if dataclasses.is_dataclass(default):
        if not isinstance(value, dict):
            raise UsageError(f"{prefix}{name} is a section", where=path, todo=f"write [{name}]")
        return _filled(default, value, path, f"{prefix}{name}.")
    if isinstance(value, bool) != isinstance(default, bool) or not isinstance(value, int | float | type(default)):
        kind = type(default).__name__
        raise UsageError(f"{prefix}{name} must be of type {kind}", where=path, todo=f"for example {default!r}")
    if isinstance(default, int) and isinstance(value, float) and not value.is_integer():
        todo = f"for example {default!r}"
        raise UsageError(f"{prefix}{name} must be a whole number, not {value}", where=path, todo=todo)
    if isinstance(value, int | float):
        _in_range(value, default, path, f"{prefix}{name}")
    return type(default)(value)


def _in_range(value: float, default: float, path: str, name: str) -> None:
    """Refuse a number that no setting can mean: none at all, a whole one that 64 bits do not hold, a negative one.

    What is measured as a logarithm may be negative, as a surprise is that its tests have cost more than it says.
    """
    least = -float("inf") if name.endswith(LOGARITHMS) else 0.0
    if not value >= least or (isinstance(default, int) and value >= 2**63):
        what = "is too large" if value >= least else "must be a number" + (" of 0 or more" if least == 0.0 else "")
        raise UsageError(f"{name} {what}", where=path, todo=f"for example {default!r}")
