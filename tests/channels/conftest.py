"""Certificates for the tests of channels."""

import pytest

from tests import certificate as made


@pytest.fixture
def certificate(tmp_path):
    """A server's TLS context for 127.0.0.1, and the file to trust."""
    return made.certificate(tmp_path)
