"""The package as others install it: a wheel that holds all it needs, away from the checkout."""

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.bare_machine import ROOT
from tests.serving import environment, serving


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(into)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True, cwd=into)
    (made,) = into.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone; what it depends on is lent by the tests' own environment."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True
    )
    (site_packages,) = home.glob("lib/python*/site-packages")
    # A path in a .pth file is searched, but .pth files there, such as that of the
    # editable install of the checkout, are not followed.
    (site_packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home


def test_the_wheel_holds_the_code_the_decks_the_scripts_of_redis_and_the_pages(
    wheel: Path,
) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        *(path.relative_to(ROOT) for path in (ROOT / "server").rglob("*.py")),
        *(path.relative_to(ROOT) for path in (ROOT / "server").rglob("*.lua")),
        *(path.relative_to(ROOT) for path in (ROOT / "deck").glob("*.py")),
        *(path.relative_to(ROOT) for path in (ROOT / "deck").glob("*.toml")),
        *(
            "server" / path.relative_to(ROOT)
            for path in (ROOT / "static").rglob("*")
            if path.is_file()
        ),
        Path("server/guides/PROTOCOL.md"),
        Path("server/guides/bots.md"),
    }
    assert {str(path) for path in expected} <= held
    assert not {
        name for name in held if name.startswith(("tests/", "scripts/", "static/", "docs/"))
    }


def test_the_installed_command_serves_pages_and_files_of_its_own(
    installed: Path, tmp_path: Path
) -> None:
    where = "import server, deck; print(server.__file__, deck.__file__)"
    found = subprocess.run(
        [installed / "bin" / "python", "-c", where],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment(tmp_path),
    ).stdout.split()
    assert all(Path(path).is_relative_to(installed) for path in found)
    with serving(tmp_path, program=installed / "bin" / "deckduel") as server:
        assert server.call("/healthz")
        assert b"100 Deep Learning interview" in server.fetch("/")
        assert server.fetch("/guides/protocol") == (ROOT / "PROTOCOL.md").read_bytes()
        assert server.fetch("/static/main.css") == (ROOT / "static" / "main.css").read_bytes()
