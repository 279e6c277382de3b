"""« Add a commune » is played as it is written: its files, its commands, and what they print."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from plugins.rules.french import NBSP
from tests.docs.markdown import BY_NAME, ROOT

PAGE = BY_NAME["docs/how-to/add-a-commune.md"].text
STEP = re.compile(
    r"(?:<!-- (?:file: (?P<file>\S+)|(?P<stays>runs until it is stopped)) -->\n)?"
    r"```(?P<language>python|sh)\n(?P<text>.*?)```\n"
    r"(?:\n```(?P<answered>text|json)\n(?P<answer>.*?)```\n)?",
    re.S,
)
CHECKOUT = ("gateway", "schema", "resolvers", "plugins", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who follows the page in a checkout and a virtual environment of its own, on a free port."""

    checkout: Path
    python: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        """What the reader's shell knows."""
        return {
            "PATH": f"{self.python.parent}{os.pathsep}{os.environ['PATH']}",
            "PORT": str(self.port),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }

    def write(self, file: str, text: str) -> None:
        """Replace a file that an earlier step wrote."""
        path = (self.checkout / file).resolve()
        assert path.exists(), file
        path.write_text(text, encoding="utf-8")

    def run(self, commands: str) -> str:
        """Run commands in the shell of the steps before, and give what they print."""
        kept = "[ ! -f ../shell ] || . ../shell"
        script = f"set -euo pipefail; {kept}\n{commands}\nexport -p > ../shell"
        done = subprocess.run(
            ["bash", "-c", script], cwd=self.checkout, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    @contextmanager
    def running(self, command: str) -> Iterator[None]:
        """Keep a command running, from the time it listens."""
        shell = ["bash", "-c", f". ../shell; exec {command}"]
        with subprocess.Popen(shell, cwd=self.checkout, env=self.environment, stderr=subprocess.PIPE) as server:
            try:
                self._wait(server)
                yield
            finally:
                server.terminate()

    def _wait(self, server: subprocess.Popen[bytes]) -> None:
        for _ in range(600):
            assert server.poll() is None, server.stderr and server.stderr.read().decode()
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the portal does not listen")

    def curl(self, command: str) -> object:
        """Send what a ``curl`` command of the page would send."""
        words = shlex.split(command)
        url, header, body = words[2].replace(":8000", f":{self.port}"), words[4], words[6]
        name, _, value = header.partition(": ")
        return httpx.post(url, headers={name: value}, content=body, timeout=20).json()


def reader(tmp_path: Path) -> Reader:
    """A checkout (the files themselves) and an environment that has what ours has, where packages may be added."""
    checkout = tmp_path / "portal"
    checkout.mkdir()
    for name in CHECKOUT:
        (checkout / name).symlink_to(ROOT / name)
    venv.create(tmp_path / "venv", with_pip=False)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = tmp_path / "venv" / "lib" / version / "site-packages"
    (packages / "ours.pth").write_text("\n".join(path for path in sys.path if path.endswith("site-packages")))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return Reader(checkout, tmp_path / "venv" / "bin" / "python", free.getsockname()[1])


def assert_prints(printed: str, expected: str) -> None:
    """The expected lines, in order; « … » stands for any text, and a no-break space is a space on the page."""
    pattern = re.escape(expected.strip()).replace("…", r"[\s\S]*")
    found = re.fullmatch(pattern, printed.replace(NBSP, " ").strip())
    assert found, f"expected:\n{expected}\nprinted:\n{printed}"


def test_the_page_goes_from_nothing_to_a_running_commune(tmp_path: Path) -> None:
    steps = list(STEP.finditer(PAGE))
    assert len(steps) == PAGE.count("```python\n") + PAGE.count("```sh\n")
    guest = reader(tmp_path)
    for position, step in enumerate(steps):
        if step["file"]:
            guest.write(step["file"], step["text"])
        elif step["stays"]:
            (asked,) = steps[position + 1 :]
            with guest.running(step["text"].strip()):
                assert guest.curl(asked["text"]) == json.loads(asked["answer"])
            break
        else:
            printed = guest.run(step["text"])
            if step["answered"]:
                assert_prints(printed, step["answer"])
