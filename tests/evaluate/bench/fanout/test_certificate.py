import ssl

from forewave.evaluate.bench.fanout import certificate


def test_a_server_can_use_it(tmp_path):
    public, key = certificate.make(tmp_path)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(public, key)
