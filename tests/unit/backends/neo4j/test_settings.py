"""Where address and account come from, and that the password goes nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from toolkit.backends.neo4j.settings import Neo4jSettings, read_env, settings
from toolkit.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

FLAGS = {"uri": None, "user": None, "password": None, "database": None}


def test_a_flag_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(
        "# a comment\nexport NEO4J_URI='bolt://file:1'\nNEO4J_USERNAME=filer\nNEO4J_PASSWORD=\"from file\"\n", "utf-8"
    )
    found = settings({**FLAGS, "uri": "bolt://flag:1"}, {"NEO4J_USER": "environ"}, path)
    assert (found.uri, found.user, found.password, found.database) == ("bolt://flag:1", "environ", "from file", None)
    assert settings(FLAGS, {"NEO4J_URI": "neo4j+s://host"}, path).uri == "neo4j+s://host"
    assert settings(FLAGS, {}, path).uri == "bolt://file:1"


def test_no_address_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no address"):
        settings(FLAGS, {}, tmp_path / ".env")


@pytest.mark.parametrize("uri", ["http://localhost:7474", "localhost:7687", "bolt://", "neo4j://me:secret@host"])
def test_an_address_that_is_off_is_refused_without_showing_it(uri: str) -> None:
    with pytest.raises(UsageError) as caught:
        Neo4jSettings(uri)
    assert "secret" not in str(caught.value)


def test_the_password_is_in_no_text_of_it() -> None:
    assert "hush" not in repr(Neo4jSettings("bolt://host", "neo4j", "hush"))


def test_a_line_without_a_value_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("nothing\nA=1\n", "utf-8")
    assert read_env(tmp_path / ".env") == {"A": "1"}
