from forewave.evaluate.bench.fanout import table
from tests.evaluate.bench.fanout.synthetic import synthetic_fanout, synthetic_line


def test_each_size_has_a_table_and_those_with_tls_say_so():
    said = table.text(synthetic_fanout())
    for title in ("1,000 clients", "10,000 clients", "1,000 clients, TLS", "10,000 clients, TLS"):
        assert f"\n{title}\n" in said
    assert said.count("forewave gateway  ") == 4


def test_columns_are_aligned_under_their_heads():
    lines = table.text(synthetic_fanout()).splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith("server"))
    assert len({len(line) for line in lines[head : head + 3]}) == 1


def test_what_is_missing_or_does_not_count_is_told_with_the_reason():
    said = table.text(synthetic_fanout())
    assert "mosquitto: not measured; needs the package mosquitto of the system" in said
    assert "nats-server, 10,000 clients: a repetition does not count: alert 3 reached 9" in said
    assert "19,000 clients: not measured" in said


def test_without_a_floor_the_ratio_is_unknown():
    line = synthetic_line(ratio=None, least_ratio=None, most_ratio=None)
    assert table.cells(line)[6:8] == ("?", "?-?")


def test_processes_that_share_the_cores_of_the_load_client_say_so():
    lines = (synthetic_line("floor"), synthetic_line("gateways", title="two"))
    assert "two: shares 2 cores with" in table.text(synthetic_fanout(lines=lines, cores=2))
    assert "shares" not in table.text(synthetic_fanout(lines=lines, cores=3))


def test_other_work_on_the_machine_is_told():
    assert "other work on the machine: 1.0 to 1.0 cores" in table.text(synthetic_fanout())


def test_a_busy_machine_is_told_that_its_times_say_little():
    idle = (synthetic_line("floor", other_cores=0.1),)
    assert "measure on an idle machine" in table.text(synthetic_fanout())
    assert "idle machine" not in table.text(synthetic_fanout(lines=idle))
