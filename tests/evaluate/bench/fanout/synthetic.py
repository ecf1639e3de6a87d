"""Figures of a benchmark that was never run."""

from forewave.evaluate.bench.fanout.result import FIGURES, Fanout, Invalid, Line, Missing

SPREAD = {
    **{"p50_ms": 30.0, "p99_ms": 70.0, "last_ms": 80.0},
    **{"ratio": 1.1, "least_ratio": 1.05, "most_ratio": 1.2},
}


def synthetic_line(row="gateway", clients=10_000, tls=False, title="forewave gateway", **more):
    figures = dict.fromkeys(FIGURES, 1.0) | SPREAD | more
    spread = {"least_last_ms": 0.9, "most_last_ms": 1.2, "worst_ms": 1.5}
    figures |= {key: factor * figures["last_ms"] for key, factor in spread.items()}
    return Line(row=row, title=title, tls=tls, clients=clients, valid=3, **figures)


def synthetic_fanout(**more):
    lines = tuple(
        synthetic_line(row, clients, tls, title, last_ms=last * (1.0 + tls))
        for tls in (False, True)
        for clients, floor in ((1000, 8.0), (10_000, 70.0))
        for row, title, last in (
            ("floor", "C and epoll (floor)", floor),
            ("gateway", "forewave gateway", floor * 1.1),
        )
    )
    fields = {
        "lines": lines,
        "missing": (Missing("mosquitto", "mosquitto", "the package mosquitto of the system"),),
        "invalid": (Invalid("nats", "nats-server", False, 10_000, ("alert 3 reached 9 of 10",)),),
        "skipped_clients": (19_000,),
    }
    fields |= {"machine": "a machine", "cores": 4, "processes": 2, "repetitions": 3}
    return Fanout(alerts=8, bytes=391, **(fields | more))
