"""Run all tests; say in the last lines what was not run and why."""

import shutil
import subprocess
import sys


def main() -> int:
    """Run pytest without the soak tests, and the linters; return the first failure."""
    checks = [
        [sys.executable, "-m", "ruff", "check", "kg", "tests"],
        [sys.executable, "-m", "mypy"],
        [sys.executable, "-m", "pytest", "-q", "-m", "not soak", *sys.argv[1:]],
    ]
    code = 0
    for check in checks:
        code = subprocess.run(check).returncode or code
    if shutil.which("chromium") is None:
        print("没有 Chromium:跳过了浏览器测试(apt-get install chromium fonts-wqy-microhei)。")
        print("No Chromium: the browser tests were skipped (apt-get install chromium fonts-wqy-microhei).")
    return code


if __name__ == "__main__":
    sys.exit(main())
