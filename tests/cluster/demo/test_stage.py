"""The stage writes what its processes need; that they run is in tests/cluster/test_failover.py."""

import stat

from forewave.cluster.demo.stage import Stage, wait_for
from forewave.config import read
from forewave.delivery import signing


def test_gateways_have_no_private_key_and_everything_is_a_drill(tmp_path):
    stage = Stage(tmp_path / "stage", "small")
    gateway = read(stage.folder / "gateway-1.toml", {})
    decide = read(stage.folder / "decide-2.toml", {})
    assert gateway.alerts.mode == decide.alerts.mode == "drill"
    public = (stage.folder / gateway.keys.file).read_bytes()
    assert b"PRIVATE" not in public
    assert signing.load_public(stage.folder / gateway.keys.file).trusted == stage.keys.trusted
    assert signing.load(stage.folder / decide.keys.file).id == stage.keys.id
    assert stat.S_IMODE((stage.folder / "forewave.key").stat().st_mode) == 0o600
    assert len({p.name for p in stage.processes}) == len(stage.processes) == 10
    assert not any(p.running for p in stage.processes)


def test_waiting_ends():
    assert wait_for(lambda: True, 0.0)
    assert not wait_for(lambda: False, 0.0)
