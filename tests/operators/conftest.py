"""A gateway with a desk of operators on free ports of the loopback."""

import asyncio
import time

import httpx
import pytest

from forewave.archive import travel_time
from forewave.operators import routes
from forewave.operators.accounts import Accounts
from forewave.operators.audit import AuditLog
from forewave.operators.desk import Desk
from forewave.operators.drill import Drill
from forewave.operators.writer import Writer
from tests.browser.warner import Warner

PASSWORD = "correct horse battery"
PEOPLE = ("anna", "bob")


class House:
    """A server with two operators. cancelled: what reached the machine."""

    def __init__(self, folder):
        self.folder, self.cancelled, self.now = folder, [], 0.0
        self.accounts = Accounts(folder / "operators.json")
        for name in PEOPLE:
            self.accounts.add(name, PASSWORD)
        self.audit = AuditLog(folder / "audit.jsonl", time.time)
        self.writer = Writer(self.audit)
        publish = lambda alert: self.warner.gateway.publish(alert)  # noqa: E731
        self.drill = Drill(publish, self.in_force, time.time, travel_time.load())
        self.desk = Desk(self.accounts, self.writer, self, self.drill, lambda: self.now)
        self.warner = Warner(routes=routes.routes(self.desk))

    def in_force(self):
        return self.warner.gateway.in_force()

    def cancel(self, item):
        self.cancelled.append(item)

    @property
    def url(self):
        return self.warner.url("").rstrip("/")

    def lines(self, *names):
        import json

        found = [json.loads(line) for line in self.audit.path.read_text().splitlines()]
        return [tuple(line.get(name) for name in names) for line in found]


class Person:
    """A browser with a session."""

    def __init__(self, house, name, password=PASSWORD, **options):
        self.client = httpx.Client(base_url=house.url, timeout=30.0, **options)
        self.answer = self.post("login", {"name": name, "password": password})
        if self.answer.status_code == 200:
            self.client.headers["X-Csrf-Token"] = self.answer.json()["csrf"]

    def post(self, what, fields=None, **options):
        return self.client.post(f"/operator/{what}", json=fields or {}, **options)

    def state(self):
        return self.client.get("/operator/state")


@pytest.fixture(scope="session")
def password():
    return PASSWORD


@pytest.fixture(scope="session")
def person():
    return Person


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    with house.warner:
        yield house
    house.writer.close()


@pytest.fixture
def anna(house):
    return Person(house, "anna")


@pytest.fixture
def bob(house):
    return Person(house, "bob")


@pytest.fixture(scope="session")
def run():
    return asyncio.run
