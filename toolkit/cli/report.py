"""`ringscope report CASE`: write the reports."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit import audit
from toolkit.case import Case
from toolkit.contracts.wording import counted


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--ring", "rings", multiple=True, metavar="ID", help="Only this ring; may be given several times.")
@click.option(
    "--format",
    "formats",
    default="html,csv,json,md",
    show_default=True,
    help="Comma-separated; xlsx, graphml, reasons, svg and png too.",
)
@click.option(
    "--policy", multiple=True, type=click.Path(path_type=Path), help="Your own clauses (TOML), added to ours."
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder to write into."
)
def command(*, case: Path, rings: tuple[str, ...], formats: str, policy: tuple[Path, ...], out: Path) -> None:
    """Write the reports of CASE.

    Pages to open without network (html), tables and texts (csv, json, md, xlsx, graphml), a statement of reasons per
    seller (reasons), and pictures for print (svg, png): evidence, timeline, buyers by listings and gift cards of each
    ring, and money by seller. HTML is OUT/index.html and a page a ring. Prints the file to open first.
    """
    from toolkit import dossier, plugins, report, visualise
    from toolkit.visualise import pictures

    opened, names = (
        Case.investigated(case),
        list(dict.fromkeys(name.strip() for name in formats.split(",") if name.strip())),
    )
    data = [name for name in names if name not in ("html", *pictures.FORMATS)]
    added = plugins.formats(("html", *pictures.FORMATS, *report.FORMATS)) if set(data) - set(report.FORMATS) else {}
    report.check(data, added)
    audit.check(opened.path)
    book = dossier.read(opened, rings or None, policy=policy)
    written = report.write(opened, out, formats=data, book=book, added=added)
    for form in (name for name in names if name in pictures.FORMATS):
        written += pictures.write(book, out, form)
    if "html" in names:
        written = [*visualise.write(opened, out, book=book), *written]
    audit.record(opened.path, "reported", formats=names, rings=len(book.rings), to=str(out))
    click.echo(f"{counted(len(written), 'file')} for {counted(len(book.rings), 'ring')}", err=True)
    if written:
        click.echo(written[0])
