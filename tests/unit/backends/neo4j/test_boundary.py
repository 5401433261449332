"""What a server would refuse that the tests' server can't be made to: the driver's own errors, at its boundary.

Community Edition has no roles and the tests start one version, so missing rights and old servers are played here: the
error objects are made by the driver from the codes that a server sends.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Self

import neo4j
import pytest
from neo4j import exceptions as neo4j_errors

from tests.cases import tiny_case
from toolkit.backends.neo4j import connection as connections
from toolkit.backends.neo4j.errors import retryable, translate
from toolkit.backends.neo4j.settings import Neo4jSettings
from toolkit.backends.neo4j.store import Neo4jStore
from toolkit.cli.app import run
from toolkit.errors import BackendError
from toolkit.graph.build import project

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "secret-word"
ADDRESS = "bolt://127.0.0.1:7687"


def sent(code: str) -> neo4j_errors.Neo4jError:
    """The driver's error for a code, as it makes it from a server's answer."""
    return neo4j_errors.Neo4jError._hydrate_neo4j(code=code, message=f"text of the server with {SECRET}")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("Neo.ClientError.Security.Unauthorized", "refused user or password"),
        ("Neo.ClientError.Security.AuthenticationRateLimit", "too many wrong passwords"),
        ("Neo.ClientError.Security.CredentialsExpired", "password has expired"),
        ("Neo.ClientError.Security.Forbidden", "may not do that"),
        ("Neo.ClientError.Database.DatabaseNotFound", "no such database"),
        ("Neo.ClientError.General.WriteOnReadOnlyAccessDatabase", "read-only"),
        ("Neo.ClientError.General.ForbiddenOnReadOnlyDatabase", "read-only"),
        ("Neo.ClientError.Procedure.ProcedureNotFound", "Graph Data Science is not installed"),
        ("Neo.ClientError.Transaction.TransactionTimedOut", "took too long"),
        ("Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration", "took too long"),
        ("Neo.TransientError.General.MemoryPoolOutOfMemoryError", "memory for transactions is full"),
        ("Neo.TransientError.General.OutOfMemoryError", "heap is full"),
        ("Neo.DatabaseError.General.OutOfMemoryError", "heap is full"),
        ("Neo.ClientError.Schema.ConstraintValidationFailed", "one id a case"),
        ("Neo.ClientError.Schema.ConstraintWithNameAlreadyExists", "old version"),
        ("Neo.TransientError.Transaction.DeadlockDetected", "can't do it now"),
    ],
)
def test_each_refusal_is_one_message_with_exit_code_4(code: str, said: str) -> None:
    ours = translate(sent(code), ADDRESS)
    assert isinstance(ours, BackendError)
    assert ours.exit_code == 4
    assert said in ours.what
    assert ours.todo
    assert SECRET not in str(ours)
    assert len(str(ours).splitlines()) == 3


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (neo4j_errors.ServiceUnavailable("away"), "can't be reached"),
        (neo4j_errors.SessionExpired("gone"), "can't be reached"),
        (neo4j_errors.UnsupportedServerProduct("Neo4j/3.0"), "kind or version"),
        (neo4j_errors.AuthError("no"), "user or password"),
    ],
)
def test_what_the_driver_notices_itself(error: Any, said: str) -> None:
    ours = translate(error, ADDRESS)
    assert isinstance(ours, BackendError)
    assert said in ours.what


def test_a_full_memory_is_not_tried_again_but_a_deadlock_is() -> None:
    assert not retryable(sent("Neo.TransientError.General.MemoryPoolOutOfMemoryError"))
    assert not retryable(sent("Neo.TransientError.General.OutOfMemoryError"))
    assert retryable(sent("Neo.TransientError.Transaction.DeadlockDetected"))


class Played:
    """A server of this version that refuses statements which begin with one of these words."""

    def __init__(self, agent: str = "Neo4j/5.26.12", refused: tuple[str, ...] = (), code: str = "") -> None:
        self.agent, self.refused, self.code = agent, refused, code
        self.ran: list[str] = []

    def verify_connectivity(self) -> None: ...

    def close(self) -> None: ...

    def session(self, **_: Any) -> Played:
        return self

    def begin_transaction(self) -> Played:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def commit(self) -> None: ...

    def run(self, text: Any, *_: object) -> Any:
        said = getattr(text, "text", text)
        self.ran.append(said)
        if said.startswith(self.refused) and self.refused:
            raise sent(self.code)
        summary = SimpleNamespace(server=SimpleNamespace(agent=self.agent))
        return SimpleNamespace(consume=lambda: summary, values=list, keys=list)


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts a played server in the place of the driver."""

    def begin(played: Played) -> Neo4jStore:
        monkeypatch.setattr(neo4j.GraphDatabase, "driver", lambda *_, **__: played)
        return Neo4jStore(Neo4jSettings(ADDRESS, "reader", SECRET))

    return begin


@pytest.mark.parametrize("agent", ["Neo4j/4.4.30", "Neo4j/3.5.1"])
def test_an_old_server_is_refused_before_anything_is_written(play: Any, agent: str) -> None:
    played = Played(agent)
    with pytest.raises(BackendError, match="too old") as caught:
        play(played)
    assert agent in caught.value.what
    assert caught.value.exit_code == 4
    assert played.ran == ["RETURN 1"]


@pytest.mark.parametrize("agent", ["Neo4j/5.0.0", "Neo4j/2025.09.0"])
def test_a_server_of_today_is_not(play: Any, agent: str) -> None:
    play(Played(agent)).close()


@pytest.mark.parametrize("refused", ["CREATE CONSTRAINT", "MERGE (c:Case"])
def test_a_user_who_may_not_write_leaves_nothing_behind(play: Any, refused: str, tmp_path: Path) -> None:
    played = Played(refused=(refused,), code="Neo.ClientError.Security.Forbidden")
    store = play(played)
    with pytest.raises(BackendError, match="may not do that") as caught:
        store.write(project(tiny_case(tmp_path), "one"), key="k")
    assert "half-written" not in str(caught.value)
    assert not any("UNWIND" in text for text in played.ran)


def test_a_right_that_is_missing_half_way_is_said_with_what_it_left(play: Any, tmp_path: Path) -> None:
    played = Played(refused=("MERGE (p:CasePart",), code="Neo.ClientError.Security.Forbidden")
    store = play(played)
    with pytest.raises(BackendError, match="may not do that") as caught:
        store.write(project(tiny_case(tmp_path), "one"), key="k")
    assert "half-written" in caught.value.todo
    assert not any("state = 'complete'" in text for text in played.ran)


def test_the_command_says_it_in_few_lines_without_the_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(neo4j.GraphDatabase, "driver", lambda *_, **__: Played("Neo4j/4.4.30"))
    monkeypatch.chdir(tmp_path)
    case = tiny_case(tmp_path / "case")
    for words in (["push", str(case.path)], ["pull", "--out", str(tmp_path / "out")], ["cases"]):
        assert run(["neo4j", *words, "--uri", ADDRESS, "--password", SECRET]) == 4
        out, err = capsys.readouterr()
        assert not out
        assert "Neo4j/4.4.30" in err
        assert SECRET not in err
        assert len(err.strip().splitlines()) <= 5
    assert connections.OLDEST == 5
    assert not (tmp_path / "out").exists()
