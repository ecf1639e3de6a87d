import ssl

import pytest

from forewave.errors import ConfigError
from forewave.sources.tls import trust
from tests.certificate import certificate


def test_a_file_is_trusted_instead_of_the_machines_certificates(tmp_path):
    _, pem = certificate(tmp_path)
    assert trust(str(pem)).cert_store_stats()["x509"] == 1
    assert trust("").verify_mode == ssl.CERT_REQUIRED


def test_a_file_that_is_none_is_one_line(tmp_path):
    with pytest.raises(ConfigError, match=r"^tls_ca: .*none\.pem: No such file or directory$"):
        trust(str(tmp_path / "none.pem"))
    (tmp_path / "text.pem").write_text("hello")
    with pytest.raises(ConfigError, match=r"^tls_ca: .*text\.pem: contains no PEM certificate$"):
        trust(str(tmp_path / "text.pem"))
