"""`examroom user|site|line`: on the store, while a hub may be running on it."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hub.cli import application
from hub.edge.identity import Denied
from tests.edge.house import PASSWORD, House


def run(folder: Path, *words: str, given: str = "") -> Result:
    return CliRunner().invoke(application(), [*words, "--data", str(folder)], input=given)


def done(folder: Path, *words: str, given: str = "") -> str:
    result = run(folder, *words, given=given)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_from_nothing_to_somebody_with_a_token(tmp_path: Path) -> None:
    done(tmp_path, "site", "add", "mac", "CH Test", "--phone", "03 53 01 00 10")
    parts = ("--role", "technologist", "--site", "mac")
    done(
        tmp_path, "user", "add", "Marc", "--name", "Marc Test", *parts, "--password-stdin",
        given=f"{PASSWORD}\n",
    )  # fmt: skip
    done(tmp_path, "line", "add", "nuit", "Nuit")
    done(tmp_path, "line", "assign", "nuit", "--site", "mac", "--person", "marc")
    assert "technologist@mac" in done(tmp_path, "user", "list")
    assert "mac" in done(tmp_path, "line", "list")
    token = done(tmp_path, "user", "token", "marc", "--label", "test").strip()
    assert token.startswith("xr_")
    shown = done(tmp_path, "user", "show", "marc")
    assert "token" in shown and "test" in shown and token not in shown
    id = next(word for word in shown.split() if word.startswith("t_"))
    done(tmp_path, "user", "revoke", id)
    assert id not in done(tmp_path, "user", "show", "marc")
    again = done(tmp_path, "token", "make", "marc", "--label", "bot", "--read-only").strip()
    assert again.startswith("xr_") and again != token
    shown = done(tmp_path, "user", "show", "marc")
    id = next(word for word in shown.split() if word.startswith("t_"))
    done(tmp_path, "token", "revoke", id)
    assert id not in done(tmp_path, "user", "show", "marc")


def test_a_password_from_a_pipe_needs_no_terminal_and_warns_of_nothing(tmp_path: Path) -> None:
    done(tmp_path, "site", "add", "mac", "CH Test")
    add = ("user", "add", "lea", "--name", "Léa Test", "--role", "requester", "--site", "mac")
    start = (sys.executable, "-c", "from hub.cli import main; main()")
    words = [*start, *add, "--data", str(tmp_path)]
    result = subprocess.run(words, input=f"{PASSWORD}\n", capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("added p-")


REFUSED = [
    ("user", "disable", "nobody"),
    ("user", "add", "x", "--name", "X", "--role", "requester", "--site", "none", "--service"),
    ("user", "grant", "nobody", "--role", "requester", "--site", "none"),
    ("user", "revoke", "nothing"),
    ("line", "assign", "none", "--person", "nobody"),
    ("site", "add", "no blanks", "X"),
    ("site", "add", "x", "X", "--timezone", "Mars/Base"),
]


@pytest.mark.parametrize("words", REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_is_one_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    result = run(tmp_path, *words)
    assert result.exit_code == 1
    assert result.stderr.startswith("examroom: ") and len(result.stderr.splitlines()) == 1


def test_a_short_password_is_refused(tmp_path: Path) -> None:
    done(tmp_path, "site", "add", "mac", "CH Test")
    result = run(
        tmp_path, "user", "add", "x", "--name", "X", "--role", "requester", "--site", "mac",
        "--password-stdin", given="short\n",
    )  # fmt: skip
    assert result.exit_code == 1 and "10 to 256" in result.stderr


async def test_a_running_hub_follows(at: House) -> None:
    folder = at.services.settings.data
    _, lea = await at.identity.log_in("lea", PASSWORD, address="192.0.2.1")
    await asyncio.to_thread(done, folder, "user", "disable", "lea")
    at.clock.move(2.1)
    assert await at.identity.check(lea) is None
    await asyncio.to_thread(done, folder, "user", "enable", "lea")
    fresh = "another good password"
    words = ("user", "password", "lea", "--password-stdin")
    await asyncio.to_thread(lambda: done(folder, *words, given=f"{fresh}\n"))
    with pytest.raises(Denied):
        await at.identity.log_in("lea", PASSWORD, address="192.0.2.1")
    _, again = await at.identity.log_in("lea", fresh, address="192.0.2.1")
    await asyncio.to_thread(
        done, folder, "user", "grant", "lea", "--role", "technologist", "--site", "mac"
    )
    _, other = await at.identity.log_in("lea", fresh, address="192.0.2.1", role="technologist")
    await asyncio.to_thread(
        done, folder, "user", "ungrant", "lea", "--role", "technologist", "--site", "mac"
    )
    at.clock.move(2.1)
    assert await at.identity.check(other) is None
    assert await at.identity.check(again) is not None


def test_a_site_says_what_it_decides_for_itself_and_keeps_it(tmp_path: Path) -> None:
    done(tmp_path, "site", "add", "mac", "CH Test")
    assert "release: either, wall names: no" in done(tmp_path, "site", "policy", "mac")
    said = done(tmp_path, "site", "policy", "mac", "--release", "radiologist", "--wall-names")
    assert "release: radiologist, wall names: yes" in said
    done(tmp_path, "site", "add", "mac", "CH Test, autre nom")
    assert "release: radiologist" in done(tmp_path, "site", "policy", "mac", "--no-wall-names")
    assert run(tmp_path, "site", "policy", "nowhere").exit_code == 1
