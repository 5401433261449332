"""Writing pages that are safe to open: every value escaped, one block of JSON, a strict policy with script hashes.

A page asks for nothing: scripts and styles are inlined, images are drawn. The Content-Security-Policy allows exactly
the scripts that were inlined, by digest, so that text that slipped through as markup would still not run.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from toolkit.contracts.currency import spoken
from toolkit.contracts.naming import file_stem
from toolkit.contracts.wording import FAMILY_TITLES, MONEY_SHORT, MONEY_TITLES, RESULT_TITLES
from toolkit.visualise.palette import EDGES, LOOKS

if TYPE_CHECKING:
    from collections.abc import Sequence

_ESCAPES: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
SHORT: Final = 44
"""Characters of an id that are shown at once: a UUID fits."""
LONGEST: Final = 600
"""Characters of any text of the data that a page holds; the JSON and CSV files hold it whole."""
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
)


def environment() -> Environment:
    """Templates that escape every value for HTML."""
    made = Environment(
        loader=PackageLoader("toolkit.visualise"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_limited,
    )
    made.filters.update(number=number, chance=chance, money=lambda one: spoken(one.amount, one.currency))
    made.filters.update(minute=minute, day=day, count=count, cut=cut)
    made.globals.update(
        families=FAMILY_TITLES, kinds=MONEY_TITLES, money_short=MONEY_SHORT, results=RESULT_TITLES, file_stem=file_stem
    )
    made.globals.update(short=SHORT, looks=LOOKS, edge_looks=EDGES, style=Markup(asset("style.css")))  # noqa: S704 - our own file
    return made


def number(value: float | None) -> str:
    """A statistic in three digits; nothing where it is unknown."""
    return "" if value is None else f"{value:.3g}"


def chance(value: float | None) -> str:
    """A p-value or q-value; one too small for a floating-point number is not called nought."""
    return "< 1e-300" if value is not None and value <= 0 else number(value)


def count(value: int) -> str:
    """A count with a comma at each thousand."""
    return f"{value:,}"


def cut(text: str, room: int = SHORT) -> str:
    """A long id as its beginning and its end, which is where ids differ."""
    return text if len(text) <= room else f"{text[: room - 9]}\u2026{text[-8:]}"


def limited(text: str, room: int = LONGEST) -> str:
    """A text as a page holds it: one beyond all measure is cut, and says so."""
    return text if len(text) <= room else f"{text[:room]}\u2026 (cut: {len(text):,} characters)"


def _limited(value: Any) -> Any:
    """What Jinja writes for a value: every text from the data within its limit, our own markup as it is."""
    return limited(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def day(value: Any) -> str:
    """A day in UTC."""
    return "" if value is None else f"{value:%Y-%m-%d}"


def minute(value: Any) -> str:
    """A time to the minute, in UTC."""
    return "" if value is None else f"{value:%Y-%m-%d %H:%M}"


def json_block(data: Any) -> Markup:
    """Data as JSON that can stand inside a script element whatever text it holds."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return Markup(text)  # noqa: S704 - the signs that could end the element are escaped above


@cache
def asset(name: str) -> str:
    """A file of ours that is inlined."""
    return inlinable(files("toolkit.visualise").joinpath("assets", name).read_text(encoding="utf-8"), name)


def inlinable(text: str, name: str) -> str:
    """A script or style as it may stand in a page: one kind of line end, and nothing that ends its element.

    Raises:
        ValueError: The text holds `</script`, `</style` or `<!--`.
    """
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(sign in clean.lower() for sign in ("</script", "</style", "<!--")):
        raise ValueError(f"{name} would end its own element")
    return clean


@cache
def _digest(script: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii") + "'"


def protection(scripts: Sequence[str]) -> dict[str, Any]:
    """What a template needs to inline scripts: `scripts`, and the `policy` that allows exactly these."""
    allowed = f"; script-src {' '.join(map(_digest, scripts))}" if scripts else ""
    inlined = [Markup(script) for script in scripts]  # noqa: S704 - code of ours
    return {"policy": Markup(_POLICY + allowed), "scripts": inlined}  # noqa: S704 - digests and words of ours
