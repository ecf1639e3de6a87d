"""Files are served from memory in the smallest encoding that a client takes."""

import gzip

import brotli
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from forewave.delivery import files

TEXT = b"<title>warning</title>" * 100


@pytest.fixture
def root(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "page.html").write_bytes(TEXT)
    (tmp_path / "assets" / "a-1f.js").write_bytes(b"1")
    (tmp_path / "built.js").write_bytes(TEXT)
    (tmp_path / "built.js.br").write_bytes(brotli.compress(TEXT, quality=0))
    (tmp_path / "built.js.gz").write_bytes(gzip.compress(TEXT, 0))
    return tmp_path


def asked(file, **headers):
    """With `identity` a client has no compression undone."""

    async def answer(request):
        return file.answer(request)

    client = TestClient(Starlette(routes=[Route("/", answer)]))
    return client.get("/", headers={"accept-encoding": "identity", **headers})


def test_every_file_of_a_folder_is_known_by_its_path_and_kind(root):
    known = files.folder(root)
    assert {path: file.media_type.split("/")[1] for path, file in known.items()} == {
        "page.html": "html",
        "assets/a-1f.js": "javascript",
        "built.js": "javascript",
    }


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("identity", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.5", "br"),
        ("BR", "br"),
        ("brx, xgzip", None),
        ("", None),
    ],
)
def test_the_smallest_encoding_that_is_accepted_is_sent(root, accepted, encoding):
    answer = asked(files.folder(root)["page.html"], **{"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.content == TEXT


def test_what_the_build_has_compressed_is_not_compressed_again(root):
    bodies = dict(files.folder(root)["built.js"].bodies)
    assert bodies["br"] == (root / "built.js.br").read_bytes()
    assert "gzip" not in bodies  # that one would be larger than the file


def test_a_body_that_does_not_get_smaller_is_sent_as_it_is(root):
    assert files.folder(root)["assets/a-1f.js"].bodies == (("", b"1"),)


def test_a_client_that_has_it_already_is_sent_nothing(root):
    file = files.folder(root)["page.html"]
    plain, small = asked(file), asked(file, **{"accept-encoding": "br"})
    assert plain.headers["etag"] != small.headers["etag"]
    for known in (plain.headers["etag"], f'"x", W/{plain.headers["etag"]}'):
        again = asked(file, **{"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == plain.headers["etag"]
    assert asked(file, **{"if-none-match": small.headers["etag"]}).status_code == 200
    (root / "page.html").write_bytes(TEXT + b"2")
    assert files.folder(root)["page.html"].etag != file.etag


def test_a_table_is_json_in_every_encoding():
    table = files.table(b'{"a":1}' * 100)
    assert [encoding for encoding, _ in table.bodies] == ["br", "gzip", ""]
    assert brotli.decompress(table.bodies[0][1]) == gzip.decompress(table.bodies[1][1])
    assert asked(table).headers["content-type"] == "application/json"


def test_files_of_maps_are_read_when_they_are_asked_for(root):
    (root / "assets" / "map-1f").mkdir()
    path = root / "assets" / "map-1f" / "n30e100.json"
    path.write_bytes(TEXT)
    file = files.folder(root)["assets/map-1f/n30e100.json"]
    path.write_bytes(b"later")
    assert asked(file).content == b"later"
    path.unlink()
    assert asked(file).content == b"later"


def test_what_is_dense_is_not_compressed(root):
    (root / "relief.jpg").write_bytes(TEXT)
    answer = asked(files.folder(root)["relief.jpg"], **{"accept-encoding": "gzip, br"})
    assert (answer.headers.get("content-encoding"), answer.content) == (None, TEXT)
