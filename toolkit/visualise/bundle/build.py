"""Build the browser bundle anew: `python toolkit/visualise/bundle/build.py` (needs Node 20 and npm; network once).

Versions are pinned in package.json and package-lock.json, which holds no addresses. The result, the licence texts and
a manifest with versions and digests are committed; a test compares them, so nobody needs Node to use or test the pages.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
OUTPUT = "sigma-graphology.min.js"
PACKAGES = ("@sigma/node-border", "@sigma/node-square", "events", "graphology", "graphology-utils", "sigma")
"""The packages whose code ends up in the bundle."""


def main() -> None:
    """Install what is locked into a temporary folder, bundle it, copy the result and the licences here."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json", "entry.mjs"):
            if (HERE / name).is_file():
                shutil.copy(HERE / name, work)
        install = "ci" if (work / "package-lock.json").is_file() else "install"
        _run(["npm", install, "--ignore-scripts", "--no-audit", "--no-fund"], work)
        _lock(work / "package-lock.json")
        options = ["--bundle", "--minify", "--format=iife", "--target=es2020", "--legal-comments=none", "--charset=ascii"]
        _run(["node_modules/.bin/esbuild", "entry.mjs", *options, f"--outfile={OUTPUT}"], work)
        script = (work / OUTPUT).read_text(encoding="utf-8").replace("\r", "\n")
        if "</script" in script.lower():
            raise SystemExit("the bundle holds </script and can't be inlined")
        (HERE / OUTPUT).write_text(script, encoding="utf-8", newline="\n")
        _licences(work)


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - fixed commands of this script


def _lock(path: Path) -> None:
    """Keep versions and integrity, drop addresses."""
    lock = json.loads(path.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("resolved", None)
    (HERE / path.name).write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")


def _licences(work: Path) -> None:
    """One file with every licence text, and the manifest."""
    texts, versions = [], {}
    for name in PACKAGES:
        folder = work / "node_modules" / name
        versions[name] = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
        licence = next(iter(sorted(folder.glob("LICENSE*")))).read_text(encoding="utf-8")
        texts.append(f"{name} {versions[name]}\n\n{licence.strip()}\n")
    (HERE / "LICENSES.txt").write_text(("\n" + "-" * 80 + "\n\n").join(texts), encoding="utf-8")
    digests = {name: hashlib.sha256((HERE / name).read_bytes()).hexdigest() for name in (OUTPUT, "LICENSES.txt")}
    manifest = {"packages": versions, "sha256": digests}
    (HERE / "manifest.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
