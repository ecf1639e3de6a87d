import pytest

from forewave.evaluate.bench.fanout import compiler


@pytest.fixture(scope="session")
def programs(tmp_path_factory):
    """The compiled floor server and load client."""
    folder = tmp_path_factory.mktemp("programs")
    return compiler.build("floor", folder), compiler.build("load", folder)
