"""A bare machine for the scripts: a copy of them, and a PATH that holds only what is put there."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
NEEDED = ["bash", "cat", "chmod", "cmp", "cp", "dirname", "env", "mkdir", "rm"]
PATIENCE_S = 60

# A Python that answers what scripts/setup asks; `{calls}` is written, `{venv}` must exist for
# it to make virtual environments, and what it makes is a copy of itself.
PYTHON = """
case "$*" in
    *"version_info <"*) exit {too_old} ;;
    *"import ensurepip"*) [ -e "{venv}" ] ;;
    *-venv*) echo python3.11-venv ;;
    "-m venv --clear .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    "-m pip --version") ;;
    "-m pip install"*) echo "$*" >>"{calls}" ;;
    *) echo "unexpected: $*" >&2; exit 99 ;;
esac
"""


class BareMachine:
    """Runs the scripts with programs that only record how they were called."""

    def __init__(self, home: Path) -> None:
        self.checkout = home / "checkout"
        self.bin = home / "bin"
        self.calls = home / "calls"
        self.has_venv = home / "has-venv"

    def set_up(self, *, root: bool) -> None:
        """Copy the scripts; `root` says as whom they run."""
        self.bin.mkdir()
        self.calls.touch()
        self.has_venv.touch()
        shutil.copytree(ROOT / "scripts", self.checkout / "scripts")
        shutil.copy(ROOT / "pyproject.toml", self.checkout)
        for name in NEEDED:
            found = shutil.which(name)
            assert found, name
            (self.bin / name).symlink_to(found)
        self.put("id", f"echo {0 if root else 1000}")

    def put(self, name: str, body: str) -> Path:
        """Put a program on PATH."""
        path = self.bin / name
        path.write_text(f"#!{self.bin}/bash\n{body}\n")
        path.chmod(0o755)
        return path

    def put_python(self, name: str = "python3.11", *, too_old: bool = False) -> None:
        """Put a Python on PATH that is new enough or not."""
        self.put(name, PYTHON.format(too_old=int(too_old), venv=self.has_venv, calls=self.calls))

    def put_apt_get(self, body: str) -> None:
        """Put an apt-get on PATH that writes its calls down and then does `body`."""
        self.put("apt-get", f'echo "apt-get $*" >>"{self.calls}"\n{body}')

    def called(self) -> list[str]:
        """Give what was called, and forget it."""
        lines = self.calls.read_text().splitlines()
        self.calls.write_text("")
        return lines

    def run(self, script: str, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a script to its end."""
        return subprocess.run(
            [str(self.checkout / "scripts" / script), *words],
            env={"PATH": str(self.bin), **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
