"""A live machine in a process of its own: its operators cancel an alert, and its keys change."""

import json
import signal
import time
import urllib.request

import pytest

from forewave.delivery import key_list, signing
from forewave.formats.recordings import event_directory
from forewave.live.persistence import recovery
from forewave.operators.accounts import Accounts
from forewave.operators.audit import verify
from tests.cli.commands import forewave
from tests.live import live_made

pytestmark = [
    pytest.mark.live,
    pytest.mark.slow,
    pytest.mark.thorough,
    pytest.mark.xdist_group("operators"),
]

PASSWORD = "correct horse battery"
ROOT, NEXT = signing.generate(), signing.generate()
SECTIONS = (
    '[keys]\nlist = "keys.json"\n[operators]\nfile = "operators.json"\n[waveforms]\nfolder = ""\n'
)


def sign(folder, n, *keys, revoked=()):
    now = time.time()
    entries = [key_list.listed(key.trusted[key.id], now - 60, now + 86_400) for key in keys]
    data = key_list.make(ROOT, entries, n=n, made=now, until=now + 86_400, revoked=revoked)
    (folder / "keys.json").write_bytes(data)


def address(said):
    return next(
        word.rstrip("/,")
        for line in said.splitlines()
        if " ready: " in line
        for word in line.split()
        if word.startswith("http://")
    )


def config(url):
    with urllib.request.urlopen(f"{url}/config.json") as answer:
        return json.load(answer)


def test_an_alert_is_cancelled_by_two_and_keys_change_without_a_restart(great, tmp_path):
    port = live_made.free_port()
    folder = tmp_path / "machine"
    live_made.live_folder(folder, great, live_made.seedlink(port), SECTIONS)
    first = signing.load(folder / "forewave.key")
    sign(folder, 1, first)
    for name in ("anna", "bob"):
        Accounts(folder / "operators.json").add(name, PASSWORD)
    event_directory.write(
        tmp_path / "event", great.info, great.stations, great.segments, great.receipts
    )
    with live_made.running(folder, "run") as live:
        url = address(live.until(lambda said: " ready: " in said))
        options = ["--port", port, "--stay", 60]
        with live_made.running(tmp_path, "relay", "event", *options):
            live.until(lambda said: " drill " in said)
            state = _operator("state", url, "anna")
            event = json.loads(state)["alerts"][0]["event"]
            name = _operator("cancel", url, "anna", event).split()[2].rstrip(":")
            _operator("confirm", url, "bob", name)
            live.until(lambda said: "cancel" in said)
            assert json.loads(_operator("state", url, "bob"))["alerts"] == []

        assert config(url)["key_list"]["n"] == 1
        sign(folder, 2, first, NEXT)
        live.process.send_signal(signal.SIGHUP)
        live.until(lambda said: "key list version 2" in said)
        (folder / "forewave.key").unlink()
        NEXT.save(folder / "forewave.key")
        sign(folder, 3, NEXT, revoked=[first.id])
        live.process.send_signal(signal.SIGHUP)
        live.until(lambda said: f"signing with {NEXT.id}, key list version 3" in said)
        assert list(config(url)["keys"]) == [NEXT.id]
        sign(folder, 2, NEXT)
        live.process.send_signal(signal.SIGHUP)
        live.until(lambda said: "keys: the previous ones stay in use" in said)
        assert config(url)["key_list"]["n"] == 3
        live.stop()
    lines = [json.loads(line) for line in (folder / "audit.jsonl").read_text().splitlines()]
    assert [line["what"] for line in lines if "log" not in line["what"]] == [
        *("start", "propose", "confirm", "keys", "keys", "stop"),
    ]
    assert verify(folder / "audit.jsonl").cut_off == []
    replayed = recovery.replay(folder / "record", lambda now, word: None)
    assert (replayed.differ, replayed.alerts > 1) == (0, True)


def _operator(what, url, name, *words):
    done = forewave("operator", what, url, *words, "--name", name, "--password", PASSWORD)
    assert done.exit_code == 0, done.output
    return done.stdout
