"""Operators over HTTP: logins, two people for each action, and what is refused."""

import resource
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from forewave.operators import audit
from forewave.operators.attempts import OF_ADDRESS
from forewave.operators.client import OperatorClient
from forewave.operators.routes import COOKIE, NO_TLS
from tests.browser.prefix_proxy import PrefixProxy

DRILL = {"action": "drill", "lat": 30.66, "lon": 104.06}


def test_a_cancel_needs_two_people_and_is_in_the_log(house, anna, bob):
    house.warner.publish(house.warner.alert(left=60))
    proposed = anna.post("propose", {"action": "cancel", "event": "e1"})
    assert proposed.status_code == 200
    name = proposed.json()["id"]
    own = anna.post("confirm", {"id": name})
    assert own.status_code == 409
    assert "another operator has to confirm" in own.json()["error"]
    assert house.cancelled == []
    (seen,) = bob.state().json()["proposals"]
    assert (seen["action"], seen["event"], seen["by"]) == ("cancel", "e1", "anna")
    assert bob.post("confirm", {"id": name}).status_code == 200
    assert [(item.event, item.by) for item in house.cancelled] == [("e1", ("anna", "bob"))]
    assert bob.post("confirm", {"id": name}).status_code == 409  # once
    assert house.lines("what", "who", "event") == [
        ("login", "anna", None),
        ("login", "bob", None),
        ("propose", "anna", "e1"),
        ("confirm", "bob", "e1"),
    ]
    audit.verify(house.audit.path)


def test_a_proposal_expires(house, anna, bob):
    name = anna.post("propose", DRILL).json()["id"]
    house.now += 599.0
    assert bob.state().json()["proposals"][0]["seconds_left"] == 1
    house.now += 1.0
    assert bob.state().json()["proposals"] == []
    late = bob.post("confirm", {"id": name})
    assert late.status_code == 409
    assert "proposals expire" in late.json()["error"]


def test_what_a_removed_operator_proposed_is_void(house, anna, bob):
    name = anna.post("propose", DRILL).json()["id"]
    house.accounts.remove("anna")
    assert anna.state().status_code == 401
    assert bob.post("confirm", {"id": name}).status_code == 409
    assert house.drill.running is None


def test_only_what_is_in_force_is_cancelled(house, anna):
    refused = anna.post("propose", {"action": "cancel", "event": "e1"})
    assert (refused.status_code, refused.json()) == (409, {"error": "no alert of e1 is in force"})


def test_a_drill_needs_two_people_and_is_ended_by_one(house, anna, bob):
    name = anna.post("propose", DRILL).json()["id"]
    assert bob.post("confirm", {"id": name}).status_code == 200
    (alert,) = house.in_force()
    assert alert.mode == "drill"
    assert anna.state().json()["drill"] == alert.event
    assert "a drill is running" in anna.post("propose", DRILL).json()["error"]
    ours = {"action": "cancel", "event": alert.event}
    assert "end it" in anna.post("propose", ours).json()["error"]
    assert anna.post("end-drill").status_code == 200
    assert house.in_force() == []
    assert anna.post("end-drill").status_code == 409


def test_no_drill_while_a_real_alert_is_in_force(house, anna, bob):
    name = anna.post("propose", DRILL).json()["id"]
    house.warner.publish(house.warner.alert(left=60))
    for answer in (bob.post("confirm", {"id": name}), anna.post("propose", DRILL)):
        assert answer.status_code == 409
        assert "is in force" in answer.json()["error"]
    assert house.drill.running is None


def test_a_real_alert_ends_a_drill(house, anna, bob):
    bob.post("confirm", {"id": anna.post("propose", DRILL).json()["id"]})
    real = house.warner.alert(left=60)
    house.warner.publish(real)
    ended = house.drill.issued(real)
    assert ended is not None
    assert [alert.event for alert in house.in_force()] == ["e1"]
    assert house.drill.issued(real) is None


@pytest.mark.parametrize("what", ["propose", "confirm", "drop", "end-drill", "logout"])
def test_nothing_without_a_session_or_its_token(house, anna, what):
    del anna.client.headers["X-Csrf-Token"]
    assert anna.post(what, DRILL).status_code == 403
    assert anna.post(what, DRILL, headers={"X-Csrf-Token": "x" * 43}).status_code == 403
    anna.client.cookies.clear()
    assert anna.post(what, DRILL).status_code == 401
    assert anna.state().status_code == 401


def test_the_cookie_is_for_this_server_and_not_for_scripts(anna):
    (cookie,) = anna.answer.headers.get_list("set-cookie")
    assert cookie.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "SameSite=strict"):
        assert part in cookie
    assert "Path=" not in cookie  # beside its own address, also where a proxy adds a prefix
    (kept,) = anna.client.cookies.jar
    assert kept.path == "/operator"
    assert anna.answer.headers["cache-control"] == "no-store"


def test_a_session_goes_on_under_the_prefix_of_a_proxy(house, password):
    with (
        PrefixProxy(house.warner.gateway.port) as proxy,
        httpx.Client(base_url=proxy.url(), timeout=30.0) as client,
    ):
        answer = client.post("operator/login", json={"name": "anna", "password": password})
        (kept,) = client.cookies.jar
        assert kept.path == "/quake/operator"
        assert client.get("operator/state").json()["name"] == "anna"
        token = {"X-Csrf-Token": answer.json()["csrf"]}
        assert client.post("operator/logout", json={}, headers=token).status_code == 200
        assert client.get("operator/state").status_code == 401
        assert client.get("keys.json").status_code == 404  # there is no list


def test_another_site_cannot_log_in_or_change_anything(house, anna):
    for what, fields in (("login", {"name": "anna", "password": "x"}), ("propose", DRILL)):
        answer = anna.post(what, fields, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403
    preflight = anna.client.options("/operator/propose", headers={"Origin": "http://127.0.0.1:1"})
    assert preflight.status_code == 405
    assert "access-control-allow-origin" not in preflight.headers


def test_a_password_is_not_taken_over_plain_http_from_elsewhere(house, person):
    away = person(house, "anna", headers={"X-Forwarded-For": "203.0.113.7"})
    assert (away.answer.status_code, away.answer.json()["error"]) == (403, NO_TLS)


def test_after_a_logout_the_session_is_over(anna):
    assert anna.state().status_code == 200
    token = anna.client.cookies[COOKIE]
    assert anna.post("logout").status_code == 200
    anna.client.cookies.set(COOKIE, token, path="/operator")
    assert anna.state().status_code == 401


def test_a_session_ends_when_it_is_not_used(house, anna):
    house.now += 1799.0
    assert anna.state().status_code == 200
    house.now += 1800.0
    assert anna.state().status_code == 401


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"\xff", b'{"action":"fire"}', b'{"action":"cancel"}', b"x" * 5000]
)
def test_a_request_that_cannot_be_read_is_answered(house, anna, body):
    answer = anna.client.post("/operator/propose", content=body)
    assert answer.status_code == 400
    assert "error" in answer.json()
    assert anna.client.post("/operator/login", content=body).status_code == 400


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(house, person):
    answers = [person(house, name, "wrong password").answer for name in ("anna", "nobody")]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].content == answers[1].content
    assert house.lines("what", "who") == [("login failed", "anna"), ("login failed", "nobody")]


def test_passwords_cannot_be_tried_without_end(house, person):
    for _ in range(OF_ADDRESS):
        assert person(house, "anna", "wrong password").answer.status_code == 401
    assert person(house, "anna").answer.status_code == 429  # the right one, too
    house.now += 901.0
    assert person(house, "anna").answer.status_code == 200


@pytest.mark.slow
@pytest.mark.alone
def test_a_hundred_logins_at_once_delay_no_alert(house, anna, password):
    """At most ten are tried, one at a time; meanwhile the loop goes on and memory stays."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    slowest, stop = [0.0], threading.Event()

    def look():
        while not stop.wait(0.01):
            began = time.monotonic()
            house.warner.send(b"{}")
            slowest[0] = max(slowest[0], time.monotonic() - began)

    looking = threading.Thread(target=look)
    looking.start()
    fields = {"name": "anna", "password": "wrong password"}
    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(lambda _: anna.post("login", fields), range(100)))
    stop.set()
    looking.join()
    statuses = [answer.status_code for answer in answers]
    assert sorted(set(statuses)) == [401, 429]
    assert statuses.count(401) == OF_ADDRESS
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 150, f"{grown:.0f} MiB"
    # The clients' hundred threads are in the same process and count, too.
    assert slowest[0] < 2.0, f"{slowest[0]:.2f} s"


def test_a_full_disk_refuses_actions_and_no_alert(house, anna, bob, person, monkeypatch):
    """Nothing is done that is not in the log; it can be confirmed when the disk has room again."""
    name = anna.post("propose", DRILL).json()["id"]

    def full(file, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(audit.os, "write", full)
    house.warner.publish(house.warner.alert(left=60, event="e2", id="e2.1", mode="drill"))
    for answer in (
        anna.post("propose", {"action": "cancel", "event": "e2"}),
        bob.post("confirm", {"id": name}),
        person(house, "bob").answer,
    ):
        assert answer.status_code == 507
        assert "cannot be written: No space left on device" in answer.json()["error"]
    assert house.drill.running is None
    assert [alert.event for alert in house.in_force()] == ["e2"]
    monkeypatch.undo()
    assert [each["id"] for each in bob.state().json()["proposals"]] == [name]
    assert bob.post("confirm", {"id": name}).status_code == 200


def test_a_disk_that_does_not_answer_refuses_actions(house, anna, monkeypatch):
    from forewave.operators import writer

    monkeypatch.setattr(writer, "DISK_S", 0.1)
    held = threading.Event()
    monkeypatch.setattr(house.audit, "add", lambda *_, **__: held.wait(20))
    answer = anna.post("propose", DRILL)
    house.warner.publish(house.warner.alert(left=60))
    held.set()
    assert answer.status_code == 507
    assert "does not answer" in answer.json()["error"]
    assert anna.state().json()["proposals"] == []


def test_the_command_line_uses_the_same_interface(house, password):
    with OperatorClient(house.url, "anna", password) as session:
        made = session.post("propose", DRILL)
        assert session.state()["name"] == "anna"
    with OperatorClient(house.url, "bob", password) as session:
        session.post("confirm", {"id": made["id"]})
    assert house.drill.running is not None


def test_the_audit_log_is_for_who_has_logged_in(house, anna):
    assert httpx.get(f"{house.url}/operator/audit", timeout=30).status_code == 401
    anna.post("propose", DRILL)
    seen = anna.client.get("/operator/audit").json()
    assert [line["what"] for line in seen["lines"]] == ["login", "propose"]
    assert (seen["broken"], len(seen["head"])) == (0, 64)
