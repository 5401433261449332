"""Whatever a server refuses is one clear message with exit code 4, and no password is in any of them."""

from __future__ import annotations

import socket
import subprocess
import threading
import traceback
from typing import TYPE_CHECKING

import pytest

from tests import engines
from tests.neo4j_server import PASSWORD, Server, free_port
from tests.unit.backends.neo4j.conftest import reached
from toolkit.backends.neo4j.settings import Neo4jSettings
from toolkit.backends.neo4j.store import Neo4jStore
from toolkit.contracts.graph import FORMAT
from toolkit.errors import BackendError
from toolkit.graph.build import project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.case import Case

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]

_STRICT = {
    "server.databases.read_only": "neo4j",
    "dbms.memory.transaction.total.max": "64m",
}


@pytest.fixture(scope="module")
def strict_server(own_server: Server) -> Iterator[Server]:
    """A server whose database is read-only, and whose memory is small."""
    own_server.stop()
    own_server.start(_STRICT)
    yield own_server
    own_server.stop()
    own_server.start()


def refused(settings: Neo4jSettings) -> str:
    """What opening a store says."""
    with pytest.raises(BackendError) as caught:
        Neo4jStore(settings)
    assert caught.value.exit_code == 4
    assert caught.value.todo
    return str(caught.value)


def test_nobody_listens() -> None:
    assert "can't be reached" in refused(Neo4jSettings(f"bolt://127.0.0.1:{free_port()}", "neo4j", "secret-word"))


def test_no_such_host() -> None:
    assert "can't be reached" in refused(Neo4jSettings("bolt://no-such-host.invalid:7687", "neo4j", "secret-word"))


def test_something_else_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        port = listener.getsockname()[1]

        def answer() -> None:
            link, _ = listener.accept()
            link.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            link.close()

        worker = threading.Thread(target=answer)
        worker.start()
        said = refused(Neo4jSettings(f"bolt://127.0.0.1:{port}", "neo4j", "secret-word"))
        worker.join()
    assert "can't be reached" in said


def test_tls_where_the_server_has_none(own_server: Server) -> None:
    uri = own_server.uri.replace("bolt://", "bolt+s://")
    assert "can't be reached" in refused(Neo4jSettings(uri, "neo4j", PASSWORD))


def test_tls_with_a_certificate_of_the_servers_own_making(own_server: Server) -> None:
    """Encryption works with +ssc; with +s the certificate is refused, because nobody vouches for it."""
    engines.require("openssl")
    folder = own_server.home / "certificates" / "bolt"
    folder.mkdir(parents=True)
    files = ["-keyout", str(folder / "private.key"), "-out", str(folder / "public.crt")]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *files, "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run(made, check=True, capture_output=True)
    policy = {"enabled": "true", "base_directory": "certificates/bolt", "client_auth": "NONE"}
    own_server.stop()
    own_server.start(
        {
            "server.bolt.tls_level": "OPTIONAL",
            **{f"dbms.ssl.policy.bolt.{name}": value for name, value in policy.items()},
        }
    )
    trusting = own_server.uri.replace("bolt://", "bolt+ssc://")
    store = Neo4jStore(Neo4jSettings(trusting, "neo4j", PASSWORD))
    assert isinstance(store.entries(), dict)
    store.close()
    said = refused(Neo4jSettings(own_server.uri.replace("bolt://", "bolt+s://"), "neo4j", PASSWORD))
    assert "certificate is not trusted" in said
    assert "+ssc" in said
    own_server.stop()
    own_server.start()


def test_wrong_password_and_then_too_many(own_server: Server) -> None:
    wrong = reached(own_server, password="wrong-secret")
    said = [refused(wrong) for _ in range(5)]
    assert "user or password" in said[0]
    assert any("too many wrong passwords" in text for text in said)
    with pytest.raises(BackendError) as caught:
        Neo4jStore(wrong)
    assert "wrong-secret" not in "".join(traceback.format_exception(caught.value))
    assert "wrong-secret" not in repr(wrong)
    own_server.stop()  # forgets the wrong passwords
    own_server.start()


def test_no_such_database(own_server: Server) -> None:
    assert "no such database" in refused(reached(own_server, database="nowhere"))


def test_a_newer_and_an_older_model(own_server: Server, tiny: Case) -> None:
    graph = project(tiny, "model")
    store = Neo4jStore(reached(own_server))
    store.write(graph, key="k")
    _set_format(store, FORMAT + 1)
    with pytest.raises(BackendError, match="newer ringscope"):
        store.ready("model")
    with pytest.raises(BackendError, match="newer ringscope"):
        store.write(graph, key="k")
    _set_format(store, FORMAT - 1)
    with pytest.raises(BackendError, match="old schema"):
        store.ready("model")
    assert store.write(graph, key="k")
    store.ready("model")
    store.purge("model")
    store.close()


def _set_format(store: Neo4jStore, number: int) -> None:
    store.connection.write(("MATCH (c:Case {id: 'model'}) SET c.format = $format", {"format": number}))


def test_a_case_that_is_not_there(own_server: Server) -> None:
    store = Neo4jStore(reached(own_server))
    with pytest.raises(BackendError, match="not on the server"):
        store.ready("nowhere")
    store.close()


def test_an_index_in_the_way(own_server: Server, tiny: Case) -> None:
    store = Neo4jStore(reached(own_server))
    store.connection.write(("DROP CONSTRAINT ringscope_phone_id IF EXISTS", {}))
    store.connection.write(("CREATE INDEX teams_own FOR (n:Phone) ON (n.case_id, n.id)", {}))
    with pytest.raises(BackendError, match="index in the place"):
        store.write(project(tiny, "one"), key="k")
    store.connection.write(("DROP INDEX teams_own", {}))
    store.close()


def test_without_graph_data_science(own_server: Server, tiny: Case) -> None:
    own_server.stop()
    own_server.start(plugins=False)
    try:
        store = Neo4jStore(reached(own_server))
        store.write(project(tiny, "one"), key="k")
        with pytest.raises(BackendError, match="Graph Data Science is not installed"):
            store.communities("one", "leiden")
        store.purge("one")
        store.close()
    finally:
        own_server.stop()
        own_server.start()


def test_a_memory_that_fills_up_half_way(own_server: Server, market: Case) -> None:
    """The pool is large enough for the constraints and for small batches, and too small for large ones."""
    graph = project(market, "heavy")
    own_server.stop()
    own_server.start({"db.memory.transaction.max": "2m"})
    store = Neo4jStore(reached(own_server))
    with pytest.raises(BackendError, match="memory for transactions is full") as caught:
        store.write(graph, key="k")
    assert caught.value.exit_code == 4
    assert "half-written" in caught.value.todo
    with pytest.raises(BackendError, match="half-written"):
        store.ready("heavy")
    assert "heavy" not in store.cases()
    store.close()
    own_server.stop()
    own_server.start()
    store = Neo4jStore(reached(own_server))
    assert store.write(graph, key="k")
    store.ready("heavy")
    store.purge("heavy")
    store.close()


# From here on the server is hemmed in until the module ends, so these tests come last.


def test_a_read_only_database(strict_server: Server, tiny: Case) -> None:
    store = Neo4jStore(reached(strict_server))
    with pytest.raises(BackendError, match="read-only"):
        store.write(project(tiny, "one"), key="k")
    store.close()


def test_a_query_that_the_server_stops(strict_server: Server) -> None:
    store = Neo4jStore(reached(strict_server))
    text = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a * b < 0 RETURN count(*) AS n"
    with pytest.raises(BackendError, match="too long"):
        store.run(text, {}, case_id="one", seconds=1.0)
    store.close()


def test_a_full_memory_is_not_tried_again(strict_server: Server) -> None:
    store = Neo4jStore(reached(strict_server))
    text = "UNWIND range(1, 3000000) AS a WITH collect(toString(a) + '-filler-filler-filler') AS l RETURN size(l) AS n"
    with pytest.raises(BackendError, match="memory"):
        store.run(text, {}, case_id="one")
    store.close()
