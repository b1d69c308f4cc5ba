"""The scripts: what they do on a bare machine, and the lists of packages that they install."""

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.bare_machine import ROOT, BareMachine

SCRIPTS = sorted(path for path in (ROOT / "scripts").iterdir() if path.is_file())
REQUIREMENTS = ROOT / "scripts" / "requirements"
PINNED = re.compile(r"([a-z0-9-]+)==([^ ]+)(?: ; ([^\\]+))? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")


@pytest.fixture
def machine(tmp_path: Path) -> BareMachine:
    made = BareMachine(tmp_path)
    made.set_up(root=False)
    return made


@pytest.fixture
def own_machine(tmp_path: Path) -> BareMachine:
    made = BareMachine(tmp_path)
    made.set_up(root=True)
    return made


def pins(name: str) -> dict[tuple[str, str], str]:
    """Read a list of packages: package and marker to version."""
    found = PINNED.findall((REQUIREMENTS / name).read_text())
    return {(package, version): marker for package, version, marker in found}


@pytest.mark.parametrize("script", [*SCRIPTS, ROOT / ".ci" / "run"], ids=lambda path: path.name)
def test_each_script_can_be_run_and_says_what_it_does(script: Path) -> None:
    assert os.access(script, os.X_OK)
    first, second = script.read_text().splitlines()[:2]
    if script.suffix == ".py":  # it is read as an example, and says so in its docstring
        assert first == "#!/usr/bin/env python3"
        assert second.startswith('"""')
        compile(script.read_text(), script, "exec")
        return
    assert first == "#!/usr/bin/env bash"
    assert second.startswith("# ")
    subprocess.run(["/bin/bash", "-n", script], check=True)


@pytest.mark.parametrize("name", ["run.txt", "test.txt"])
def test_every_package_is_pinned_with_a_hash_and_nothing_else_is_said(name: str) -> None:
    lines = (REQUIREMENTS / name).read_text().splitlines()
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        assert PINNED.fullmatch(line) or HASH.fullmatch(line), line
        if PINNED.fullmatch(line):
            assert HASH.fullmatch(after), line


def test_the_tests_run_with_the_versions_that_the_server_runs_with() -> None:
    assert pins("run.txt").keys() <= pins("test.txt").keys()


def test_what_the_project_asks_for_is_in_the_lists() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = {re.split(r"[\[<>=~!]", text)[0].lower() for text in project["dependencies"]}
    also = {re.split(r"[\[<>=~!]", text)[0] for text in project["optional-dependencies"]["test"]}
    assert needed <= {package for package, _ in pins("run.txt")}
    assert needed | also <= {package for package, _ in pins("test.txt")}


def test_the_list_of_node_packages_is_exact_and_names_no_host() -> None:
    text = (ROOT / "package-lock.json").read_text()
    assert "://" not in text
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    assert json.loads(text)["packages"][""]["devDependencies"] == wanted
    assert all(re.fullmatch(r"[0-9.]+", version) for version in wanted.values())


def test_the_first_start_installs_by_hash_and_the_second_installs_nothing(
    machine: BareMachine,
) -> None:
    machine.put_python()
    assert machine.run("setup", "run").returncode == 0
    packages, project = machine.called()
    assert "--require-hashes" in packages
    assert packages.endswith("-r scripts/requirements/run.txt")
    assert project.endswith("--no-deps --no-build-isolation --editable .")
    assert machine.run("setup", "run").returncode == 0
    assert machine.called() == []


def test_a_changed_list_is_installed_and_only_then(machine: BareMachine) -> None:
    machine.put_python()
    machine.run("setup", "run")
    machine.called()
    listed = machine.checkout / "scripts" / "requirements" / "run.txt"
    listed.write_text(listed.read_text() + "\n")
    assert machine.run("setup", "run").returncode == 0
    assert len(machine.called()) == 2
    assert machine.run("setup", "run").returncode == 0
    assert machine.called() == []


def test_what_the_tests_need_holds_what_the_server_needs(machine: BareMachine) -> None:
    machine.put_python()
    machine.run("setup", "test")
    assert len(machine.called()) == 2
    machine.run("setup", "run")
    assert machine.called() == []


def test_an_install_that_failed_is_tried_again(machine: BareMachine) -> None:
    machine.put_python()
    python = machine.bin / "python3.11"
    whole = python.read_text()
    python.write_text(whole.replace('"-m pip install"*)', '"-m pip install"*) exit 1 ;;\n    x)'))
    failed = machine.run("setup", "run")
    assert failed.returncode == 2
    assert "the packages could not be installed" in failed.stderr
    (machine.checkout / ".venv/bin/python").write_text(whole)
    assert machine.run("setup", "run").returncode == 0
    assert len(machine.called()) == 2


@pytest.mark.parametrize("name", ["python3.11", "python3.12", "python3.13", "python3"])
def test_each_python_that_is_new_enough_will_do(machine: BareMachine, name: str) -> None:
    machine.put_python(name)
    assert machine.run("setup", "run").returncode == 0


def test_a_newer_python_is_found_behind_one_that_is_too_old(machine: BareMachine) -> None:
    machine.put_python("python3.11", too_old=True)
    machine.put_python("python3")
    assert machine.run("setup", "run").returncode == 0


@pytest.mark.parametrize("there_is_an_old_one", [True, False])
def test_without_a_python_the_machine_is_told_what_to_type(
    machine: BareMachine,
    there_is_an_old_one: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    if there_is_an_old_one:
        machine.put_python("python3", too_old=True)
    done = machine.run("setup", "run")
    assert done.returncode == 2
    assert "Python 3.11 or newer is needed; type: apt-get install python3" in done.stderr


def test_without_the_venv_module_a_user_is_told_what_to_type(machine: BareMachine) -> None:
    machine.put_python()
    machine.has_venv.unlink()
    machine.put_apt_get("exit 0")
    done = machine.run("setup", "run")
    assert done.returncode == 2
    assert "type: sudo apt-get install python3.11-venv" in done.stderr
    assert machine.called() == []


def test_without_the_venv_module_root_gets_it(own_machine: BareMachine) -> None:
    own_machine.put_python()
    own_machine.has_venv.unlink()
    own_machine.put_apt_get(f'[ "$1" = update ] || echo >"{own_machine.has_venv}"')
    assert own_machine.run("setup", "run").returncode == 0
    first, *pip = own_machine.called()
    assert first.startswith("apt-get install")
    assert first.endswith("python3.11-venv")
    assert len(pip) == 2


def test_debians_list_is_brought_up_to_date_where_a_package_is_not_in_it(
    own_machine: BareMachine,
) -> None:
    updated = own_machine.checkout / "updated"
    own_machine.put_apt_get(f'if [ "$1" = update ]; then echo >"{updated}"; fi; [ -e "{updated}" ]')
    assert own_machine.run("apt-install", "chromium").returncode == 0
    assert [line.split()[1] for line in own_machine.called()] == ["install", "update", "install"]


def test_a_package_that_debian_does_not_have_is_exit_2(own_machine: BareMachine) -> None:
    own_machine.put_apt_get("exit 100")
    assert own_machine.run("apt-install", "chromium").returncode == 2


@pytest.mark.parametrize(
    "name", ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
)
def test_a_browser_on_path_is_found(machine: BareMachine, name: str) -> None:
    browser = machine.put(name, "exit 0")
    assert machine.run("find-chromium").stdout == f"{browser}\n"


def test_a_given_browser_comes_first(machine: BareMachine) -> None:
    machine.put("chromium", "exit 0")
    given = machine.put("my-browser", "exit 0")
    assert machine.run("find-chromium", DECKDUEL_CHROMIUM=str(given)).stdout == f"{given}\n"


def test_a_given_browser_that_is_none_is_exit_2(machine: BareMachine) -> None:
    machine.put("chromium", "exit 0")
    done = machine.run("find-chromium", DECKDUEL_CHROMIUM="/nowhere/chromium")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "DECKDUEL_CHROMIUM is /nowhere/chromium, which is no program.\n"


def test_without_a_browser_a_user_is_told_what_to_type(machine: BareMachine) -> None:
    done = machine.run("find-chromium")
    assert (done.returncode, done.stdout) == (2, "")
    package = "chromium-headless-shell"
    assert done.stderr == f"{package} is missing; type: sudo apt-get install {package}\n"


def test_without_a_browser_root_gets_debians(own_machine: BareMachine) -> None:
    browser = own_machine.bin / "chromium-headless-shell"
    own_machine.put_apt_get(f'cp "$0" "{browser}"; echo "much is said on the way"')
    done = own_machine.run("find-chromium")
    assert (done.returncode, done.stdout) == (0, f"{browser}\n")


def test_an_nginx_on_path_is_found(machine: BareMachine) -> None:
    nginx = machine.put("nginx", "exit 0")
    assert machine.run("find-nginx").stdout == f"{nginx}\n"
