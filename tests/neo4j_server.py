"""A real Neo4j server without Docker: its jars from Maven Central, started as a plain Java process.

`python -m tests.neo4j_server` (or `make neo4j`) starts the one that people use by hand; the tests start their own on
free ports. What is downloaded lies in `.neo4j/` at the root of the checkout, or in RINGSCOPE_NEO4J_HOME.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

NEO4J: Final = "5.26.12"
GDS: Final = "2.13.9"
PASSWORD: Final = "test-password"
USER: Final = "neo4j"
START_SECONDS: Final = 120

_OPENS: Final = tuple(
    f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in ("java.nio", "java.io", "sun.nio.ch")
)
_ARTEFACTS: Final = (
    ("org.neo4j", "neo4j", NEO4J),
    ("org.neo4j", "neo4j-bolt", NEO4J),
    ("org.neo4j.gds", "opengds-extension", GDS),
    ("org.neo4j.gds", "cypher-aggregation", GDS),
)
_PLUGINS: Final = ("proc-*.jar", "cypher-aggregation*.jar", "opengds-procedure-facade*.jar")
_SETTINGS: Final = {
    "server.bolt.enabled": "true",
    "server.http.enabled": "false",
    "server.https.enabled": "false",
    "dbms.security.auth_enabled": "true",
    "server.memory.pagecache.size": "512m",
    "db.tx_log.rotation.retention_policy": "keep_none",
    "dbms.security.procedures.unrestricted": "gds.*",
    "dbms.usage_report.enabled": "false",
}


def cache() -> Path:
    """Where the server's jars and homes lie."""
    given = os.environ.get("RINGSCOPE_NEO4J_HOME")
    return Path(given) if given else Path(__file__).resolve().parent.parent / ".neo4j"


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _pom() -> str:
    parts = [
        f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version></dependency>"
        for group, name, version in _ARTEFACTS
    ]
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        "<groupId>ringscope</groupId><artifactId>neo4j-for-tests</artifactId><version>1</version>"
        f"<packaging>pom</packaging><dependencies>{''.join(parts)}</dependencies></project>\n"
    )


def install() -> Path:
    """The folder with the server's jars, fetched by Maven the first time; safe for several processes."""
    root = cache()
    root.mkdir(parents=True, exist_ok=True)
    library = root / f"lib-{NEO4J}-{GDS}"
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not library.is_dir():
            _fetch(root, library)
    return library


def _fetch(root: Path, library: Path) -> None:
    """Let Maven copy the jars into a folder beside, and move it into place when it is whole."""
    print("fetching Neo4j and GDS from Maven Central (130 MB, once)", file=sys.stderr)
    (root / "pom.xml").write_text(_pom(), encoding="utf-8")
    partial = root / "lib.partial"
    shutil.rmtree(partial, ignore_errors=True)
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={partial}"]
    subprocess.run(["mvn", "-q", "-B", "-f", str(root / "pom.xml"), *goal], check=True, timeout=900)
    partial.rename(library)


class Server:
    """A Neo4j server in its own home folder.

    Args:
        home: The folder of its data, configuration and logs.
        port: Where it listens; a free port where none is given.
        heap: Most Java heap.
    """

    def __init__(self, home: Path, *, port: int | None = None, heap: str = "1g") -> None:
        self.home = home
        self.port = port or free_port()
        self.heap = heap
        self.process: subprocess.Popen[bytes] | None = None
        self._library = install()

    @property
    def uri(self) -> str:
        """Its address for the driver."""
        return f"bolt://127.0.0.1:{self.port}"

    def start(self, settings: Mapping[str, str] | None = None, *, plugins: bool = True) -> None:
        """Start it with these settings on top of the usual ones, and wait until it listens."""
        first = not (self.home / "data").is_dir()
        self._configure(settings or {}, plugins=plugins)
        if first:
            self._java("org.neo4j.cli.AdminTool", "dbms", "set-initial-password", PASSWORD)
        with (self.home / "console.log").open("ab") as log:
            command = self._command("org.neo4j.server.CommunityEntryPoint", heap=self.heap)
            where = [f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}"]
            self.process = subprocess.Popen(
                [*command, *where], stdout=log, stderr=log, env=self._environment(), start_new_session=True
            )
        self._wait()

    def stop(self) -> None:
        """Stop it as an operator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Stop it as a power cut would."""
        self._end(signal.SIGKILL)

    def admin(self, *arguments: str) -> str:
        """Run `neo4j-admin` on its home, and give what it says."""
        return self._java("org.neo4j.cli.AdminTool", *arguments)

    def log(self) -> str:
        """What it said, for the message of a failed start."""
        path = self.home / "console.log"
        return path.read_text(encoding="utf-8", errors="replace")[-4000:] if path.is_file() else ""

    def _configure(self, settings: Mapping[str, str], *, plugins: bool) -> None:
        for folder in ("conf", "plugins", "import"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        lines = {**_SETTINGS, "server.bolt.listen_address": f"127.0.0.1:{self.port}", **settings}
        text = "".join(f"{name}={value}\n" for name, value in lines.items())
        (self.home / "conf" / "neo4j.conf").write_text(text, encoding="utf-8")
        for jar in (jar for pattern in _PLUGINS for jar in self._library.glob(pattern)):
            link = self.home / "plugins" / jar.name
            link.unlink(missing_ok=True)
            if plugins:
                link.symlink_to(jar)

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")}

    def _command(self, entry: str, *, heap: str) -> list[str]:
        memory = [f"-Xmx{heap}", "-Xss2m", "-XX:TieredStopAtLevel=4"]
        return ["java", *memory, *_OPENS, "-cp", f"{self._library}/*", entry]

    def _java(self, entry: str, *arguments: str) -> str:
        command = [*self._command(entry, heap="512m"), *arguments]
        done = subprocess.run(
            command, env=self._environment(), capture_output=True, text=True, timeout=600, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"{entry} {arguments[0]} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return done.stdout

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                raise RuntimeError(f"Neo4j ended while it started:\n{self.log()}")
            if _speaks_bolt(self.port):
                return
            time.sleep(0.1)
        raise RuntimeError(f"Neo4j did not listen within {START_SECONDS} s:\n{self.log()}")

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=60)
        self.process = None


def _speaks_bolt(port: int) -> bool:
    """Whether the server answers the Bolt handshake: the port opens a little before the server is ready."""
    hello = b"\x60\x60\xb0\x17" + b"\x00\x00\x04\x05" + b"\x00" * 12
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as link:
            link.sendall(hello)
            return len(link.recv(4)) == 4
    except OSError:
        return False


def main() -> None:
    """Run a server in the foreground until it is interrupted; its data stay in the cache folder."""
    server = Server(cache() / "home", port=int(os.environ.get("RINGSCOPE_NEO4J_PORT", "7687")))
    server.start()
    print(f"Neo4j {NEO4J} listens on {server.uri}, user {USER}, password {PASSWORD}; Ctrl-C stops it")
    print(f"  export NEO4J_URI={server.uri} NEO4J_USER={USER} NEO4J_PASSWORD={PASSWORD}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        if server.process is not None:
            server.process.wait()
    except KeyboardInterrupt:
        print("stopping", file=sys.stderr)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
