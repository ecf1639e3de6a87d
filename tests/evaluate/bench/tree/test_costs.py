import msgspec
import pytest

from forewave.errors import ConfigError
from forewave.evaluate.bench.fanout import benchmark
from forewave.evaluate.bench.tree import costs
from tests.evaluate.bench.fanout.synthetic import synthetic_fanout, synthetic_line


def figures():
    lines = (
        synthetic_line("gateway", 1000, cpu_us=12.0, connect_us=90.0, used_kb=15.0),
        synthetic_line("gateway", 10_000, cpu_us=10.0, connect_us=80.0, used_kb=14.0),
        synthetic_line("gateway", 10_000, True, cpu_us=15.0, connect_us=400.0, used_kb=40.0),
        synthetic_line("floor", 10_000, kernel_kb=4.0),
        synthetic_line("floor", 10_000, True, kernel_kb=5.0),
        synthetic_line("nats", 10_000, cpu_us=20.0),
        synthetic_line("nats", 10_000, True, cpu_us=30.0),
    )
    return synthetic_fanout(lines=lines)


def test_they_are_those_of_the_largest_size():
    found = costs.of(figures(), tls=False)
    assert found.deliver_us == pytest.approx(10.0)
    assert (found.connect_us, found.connection_kb, found.kernel_kb) == (80.0, 14.0, 4.0)
    assert found.trunk_us == 20.0
    assert found.wire_bytes == 391 + costs.FRAMING_BYTES


def test_with_tls_they_are_those_with_tls():
    found = costs.of(figures(), tls=True)
    assert found.deliver_us == pytest.approx(15.0)
    assert (found.connect_us, found.connection_kb) == (400.0, 40.0)
    assert "TLS" in found.taken


def test_figures_without_a_gateway_are_refused_in_one_line(tmp_path):
    path = tmp_path / "fanout.json"
    lines = (synthetic_line("floor"), synthetic_line("nats"))
    benchmark.write(synthetic_fanout(lines=lines), path)
    with pytest.raises(ConfigError, match="no valid row gateway with TLS"):
        costs.read(path)


@pytest.mark.parametrize("tls", [False, True])
def test_the_figures_that_come_with_forewave_are_complete(tls):
    found = costs.read(tls=tls)
    assert all(value > 0 for value in msgspec.structs.astuple(found)[:-1])
