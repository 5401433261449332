"""The pages docs/graph.md and docs/queries.md, made from the graph's contract and from the library of queries.

`python -m toolkit.graph.pages docs` writes them anew; a test compares.
"""

from __future__ import annotations

import json
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.case import write_text
from toolkit.contracts.graph import NODES, RELATIONSHIPS
from toolkit.contracts.statements import constraints
from toolkit.queries import library

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.contracts.kinds import Property
    from toolkit.queries import Parameter, Query

_MADE = "<!-- Made by `python -m toolkit.graph.pages docs`; change the model or the library, not this page. -->\n"
_EXAMPLES = {
    "text": "'...'",
    "integer": "10",
    "number": "0.5",
    "boolean": "true",
    "time": "'2024-03-01T00:00:00Z'",
    "texts": "['...']",
}


def graph_page() -> str:
    """What is in the graph: each kind with its sentence and its properties."""
    lines = [
        "# The graph",
        "",
        _MADE,
        "The same in the embedded store and in Neo4j. Each node has an `id`, which occurs once in its label and case,",
        "and the `case_id` of the one case that it belongs to, so that several cases in one database don't mix: two",
        "cases of one marketplace have buyers of the same id. With one case in a database an id is unique within its",
        "label, and `MATCH (b:Buyer {id: '...'})` finds one node; with several, ask with `case_id`.",
        "`MATCH (c:Case) RETURN c.id, c.state` says which cases there are and whether each is whole.",
        "An absent value and an empty list are no property.",
        "What people wrote (texts of messages and reviews) is in no graph: a graph is made to be published.",
        "",
        "Colours for Neo4j Browser and hints for a Bloom perspective: `examples/neo4j/ringscope.grass`.",
        "",
        "## Nodes",
        "",
    ]
    for kind in NODES:
        source = f" One row of `{kind.table}`." if kind.table else ""
        lines += [f"### {kind.label}", "", kind.about + source, "", *_properties(kind.properties)]
    lines += ["## Relationships", ""]
    for relation in RELATIONSHIPS:
        route = f"`({_either(relation.starts)})-[:{relation.name}]->({_either(relation.ends)})`"
        lines += [f"### {relation.name}", "", relation.about, "", route, "", *_properties(relation.properties)]
    lines += ["## Constraints", "", "```cypher", *(f"{text};" for text in constraints()), "```"]
    return "\n".join(lines) + "\n"


def _either(labels: Sequence[str]) -> str:
    return " or ".join(labels)


def _properties(properties: Sequence[Property]) -> list[str]:
    if not properties:
        return []
    rows = [f"| `{item.name}` | {item.type} | {f'`{item.column}`' if item.column else ''} |" for item in properties]
    return ["| property | type | column |", "|---|---|---|", *rows, ""]


def queries_page() -> str:
    """The library: each query with its question, what it takes and gives, and its text."""
    queries = list(library().values())
    lines = [
        "# The library of queries",
        "",
        _MADE,
        f"{len(queries)} named queries, the same for both stores. Run one with",
        "`ringscope query CASE NAME --param NAME=VALUE`, on a server with `--store neo4j`.",
        "In Neo4j Browser, set the parameters first with the `:param` lines, then paste the query;",
        "`ringscope neo4j cases` says what a case is called.",
        "",
    ]
    for folder, group in groupby(queries, key=lambda query: query.folder):
        lines += [f"## {folder}", ""]
        for query in group:
            lines += _query(query)
    return "\n".join(lines)


def _query(query: Query) -> list[str]:
    params = [f":param {item.name} => {_value(item)}" for item in query.params]
    returns = ", ".join(f"`{item.name}` ({item.type})" for item in query.returns)
    head = [f"### {query.name}", "", query.about, "", f"Gives {returns}. Cost: {query.cost}.", ""]
    block = ["```cypher", ":param case => '...'", *params, "", query.text, "```", ""]
    takes = [f"`{item.name}` ({item.type}{_default(item)})" for item in query.params]
    return [*head, *([f"Takes {', '.join(takes)}.", ""] if takes else []), *block]


def _default(item: Parameter) -> str:
    return "" if item.required else f", else {json.dumps(item.default)}"


def _value(item: Parameter) -> str:
    return _EXAMPLES[item.type] if item.required else json.dumps(item.default)


def main(folder: Path) -> None:
    """Write both pages."""
    write_text(folder / "graph.md", graph_page())
    write_text(folder / "queries.md", queries_page())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
