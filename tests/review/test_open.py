"""`kg review open` as a person starts it."""

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from tests.review.sample import make_data

ENVIRONMENT = {**os.environ, "KG_LANG": "en", "KG_REVIEWER": "甲"}


def test_the_printed_address_opens_the_page_and_nothing_else_does(tmp_path: Path) -> None:
    data = make_data(tmp_path / "data")
    command = [sys.executable, "-m", "kg", "review", "open", "linchuan-2025", "--data", str(data)]
    process = subprocess.Popen(
        [*command, "--no-browser"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT
    )
    try:
        assert process.stdout is not None
        found = re.search(rb"http://127\.0\.0\.1:\d+/d/linchuan-2025\?token=\S+", process.stdout.readline())
        assert found is not None
        address = found.group().decode()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = browser.open(address, timeout=30).read().decode()
        assert "临川开发区2025年工作要点" in page and "token=" not in page
        bare = address.split("?")[0]
        assert browser.open(bare, timeout=30).status == 200
        try:
            urllib.request.urlopen(bare, timeout=30)
            raise AssertionError("opened without the token")
        except urllib.error.HTTPError as refused:
            assert refused.code == 403
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    assert process.returncode in (0, 130, -signal.SIGINT)


def test_an_unknown_document_is_told_without_a_traceback(tmp_path: Path) -> None:
    data = make_data(tmp_path / "data")
    done = subprocess.run(
        [sys.executable, "-m", "kg", "review", "open", "no-such", "--data", str(data), "--no-browser"],
        capture_output=True, env=ENVIRONMENT, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert b"no-such" in done.stderr and b"linchuan-2025" in done.stderr and b"Traceback" not in done.stderr
