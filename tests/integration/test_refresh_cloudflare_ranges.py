"""Cloudflare's ranges are fetched into the inventory, and only what is a list of ranges gets there."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
KNOWN = ROOT / "inventories" / "stacks" / "cloudflare.yml"


class Cloudflare:
    """Cloudflare's two lists on loopback, and a copy of the inventories that is refreshed from them."""

    def __init__(self, directory: Path):
        self.inventories = directory / "inventories"
        (self.inventories / "stacks").mkdir(parents=True)
        (self.inventories / "staging").mkdir()
        (directory / "home").mkdir()
        self.home = directory / "home"
        self.file = self.inventories / "stacks" / "cloudflare.yml"
        shutil.copy(KNOWN, self.file)
        ranges = self.ranges
        self.lists = {
            "/ips-v4": "\n".join(each for each in reversed(ranges) if "." in each),
            "/ips-v6": "\n".join(each for each in ranges if ":" in each) + "\n",
        }
        lists = self.lists

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = lists.get(self.path)
                self.send_response(200 if content is not None else 404)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.end_headers()
                self.wfile.write((content or "").encode())

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def ranges(self) -> list[str]:
        return yaml.safe_load(self.file.read_text())["all"]["vars"]["cloudflare_ranges"]

    def refresh(self, *arguments: str) -> tuple[int, str]:
        """Run the playbook; its exit code and what it said."""
        urls = ", ".join(f"http://127.0.0.1:{self.server.server_port}{path}" for path in ("/ips-v4", "/ips-v6"))
        run = subprocess.run(
            [
                BIN / "ansible-playbook",
                "playbooks/refresh_cloudflare_ranges.yml",
                "-i",
                self.inventories / "staging",
                "-e",
                f"{{cloudflare_ranges_urls: [{urls}]}}",
                *arguments,
            ],
            cwd=ROOT,
            env={
                "PATH": f"{BIN}:{os.environ['PATH']}",
                "LANG": "C.UTF-8",
                "HOME": str(self.home),
                "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
                "no_proxy": "127.0.0.1",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return run.returncode, run.stdout


@pytest.fixture
def cloudflare(tmp_path: Path) -> Any:
    served = Cloudflare(tmp_path)
    yield served
    served.server.shutdown()
    served.server.server_close()


def test_the_file_of_this_repository_is_as_the_playbook_writes_it(cloudflare: Cloudflare) -> None:
    before = cloudflare.file.read_text()
    code, output = cloudflare.refresh()
    assert code == 0, output
    assert "changed=0" in output
    assert cloudflare.file.read_text() == before
    cloudflare.file.unlink()
    code, output = cloudflare.refresh()
    assert code == 0, output
    written = cloudflare.file.read_text().splitlines()
    assert written[2:] == before.splitlines()[2:]
    assert cloudflare.ranges == yaml.safe_load(before)["all"]["vars"]["cloudflare_ranges"]


def test_what_changed_is_shown_first_and_then_written_once(cloudflare: Cloudflare) -> None:
    before = cloudflare.file.read_text()
    gone = cloudflare.ranges[0]
    cloudflare.lists["/ips-v4"] = cloudflare.lists["/ips-v4"].replace(gone, "8.8.8.0/24")
    code, output = cloudflare.refresh("--check", "--diff")
    assert code == 0, output
    assert f"-      - {gone}" in output
    assert "+      - 8.8.8.0/24" in output
    assert cloudflare.file.read_text() == before

    code, output = cloudflare.refresh()
    assert code == 0, output
    assert cloudflare.ranges[0] == "8.8.8.0/24"
    assert gone not in cloudflare.ranges
    today = datetime.datetime.now(datetime.UTC).date()
    assert any(str(day) in cloudflare.file.read_text() for day in (today, today - datetime.timedelta(days=1)))

    code, output = cloudflare.refresh()
    assert code == 0, output
    assert "changed=0" in output


@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        ("/ips-v4", "0.0.0.0/0\n8.8.8.0/24\n8.8.4.0/24", "0.0.0.0/0 is too large"),
        ("/ips-v6", "::/0\n", "::/0 is too large"),
        ("/ips-v4", "10.0.0.0/8\n8.8.8.0/24\n8.8.4.0/24", "10.0.0.0/8 is no range of public addresses"),
        ("/ips-v4", "<html>we will be back</html>", "is no range of addresses"),
        ("/ips-v6", "2400:cb00::/32\n", "a list of 1 ranges; at least 3 are expected"),
        ("/ips-v6", "", "a list of 0 ranges"),
    ],
)
def test_what_is_no_list_of_ranges_changes_nothing(
    cloudflare: Cloudflare, path: str, content: str, reason: str
) -> None:
    before = cloudflare.file.read_text()
    cloudflare.lists[path] = content
    code, output = cloudflare.refresh()
    assert code != 0
    assert reason in " ".join(output.split())
    assert cloudflare.file.read_text() == before
