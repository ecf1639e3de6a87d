import asyncio
import threading

from forewave.delivery.status import routes


class Made:
    """A status that counts how often it is asked, and where."""

    def __init__(self, well=True):
        self.well, self.snapshots, self.threads = well, 0, set()

    def alive(self):
        return self.well, {"status": "ok" if self.well else "stuck"}

    def ready(self):
        return self.well, {"missing": () if self.well else ("kernels",)}

    def snapshot(self):
        self.snapshots += 1
        return {"number": self.snapshots}

    def metrics(self, snapshot):
        self.threads.add(threading.get_ident())
        return b"made %d\n" % snapshot["number"]

    def facts(self, snapshot):
        return snapshot


def test_a_well_machine(net, open_gateway):
    async def work():
        async with open_gateway(routes=routes(Made())) as gateway:
            alive, ready = await net.get(gateway, "/healthz"), await net.get(gateway, "/readyz")
            assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
            assert (ready.status_code, ready.json()) == (200, {"missing": []})
            metrics = await net.get(gateway, "/metrics")
            assert metrics.text == "made 1\n"
            assert metrics.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
            assert (await net.get(gateway, "/status.json")).json() == {"number": 2}

    net.run(work())


def test_what_is_not_well_answers_503(net, open_gateway):
    async def work():
        async with open_gateway(routes=routes(Made(well=False))) as gateway:
            alive, ready = await net.get(gateway, "/healthz"), await net.get(gateway, "/readyz")
            assert (alive.status_code, alive.json()["status"]) == (503, "stuck")
            assert (ready.status_code, ready.json()["missing"]) == (503, ["kernels"])

    net.run(work())


def test_many_who_ask_cost_one_snapshot_beside_the_loop(net, open_gateway):
    made = Made()

    async def work():
        async with open_gateway(routes=routes(made)) as gateway:
            answers = await asyncio.gather(*(net.get(gateway, "/metrics") for _ in range(20)))
            assert {answer.text for answer in answers} == {"made 1\n"}

    net.run(work())
    assert made.snapshots == 1
    assert made.threads
    assert threading.get_ident() not in made.threads


def test_an_old_answer_is_made_anew(net, open_gateway, monkeypatch):
    monkeypatch.setattr("forewave.delivery.status.KEPT", 0.0)

    async def work():
        async with open_gateway(routes=routes(Made())) as gateway:
            texts = [(await net.get(gateway, "/metrics")).text for _ in range(2)]
            assert texts == ["made 1\n", "made 2\n"]

    net.run(work())


def test_without_a_status_there_are_only_the_pages(net, open_gateway):
    async def work():
        async with open_gateway() as gateway:
            assert (await net.get(gateway, "/healthz")).json()["status"] == "ok"
            assert (await net.get(gateway, "/metrics")).status_code == 404

    net.run(work())
