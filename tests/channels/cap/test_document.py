"""Documents are valid by the schema of OASIS, and cannot be taken for what they are not."""

from math import nan
from pathlib import Path

import pytest
from lxml import etree
from msgspec.structs import replace

from forewave.channels.cap.area import area_of
from forewave.channels.cap.document import (
    NAMESPACE,
    Facts,
    Version,
    document,
    headline,
    version_of,
)
from forewave.channels.texts.all_languages import languages, texts
from forewave.delivery import signing
from forewave.formats.protocols import alert_message
from forewave.types import Area, Magnitude, Rupture
from tests.channels.sent import LAT, LON, NOW, an_alert

SCHEMA = Path(__file__).parents[2] / "reference" / "schemas" / "CAP-v1.2.xsd"
WORDS = {code: texts(code) for code in languages()}
SENDER = "alerts@example.org"
EARLIER = (
    Version("forewave-e1-1", "2023-11-14T22:13:20-00:00"),
    Version("forewave-e1-2", "2023-11-14T22:13:21-00:00"),
)
KINDS = {
    "alert": {},
    "update": {"kind": "update", "version": 3},
    "cancel": {"kind": "cancel", "why": "false", "version": 3},
    "lowered": {"kind": "cancel", "why": "smaller", "version": 3},
    "line": {"rupture": Rupture(LAT, LON, LAT + 1, LON, 2.0, 111.0, 0.0)},
    "single": {"stations": 1, "area": Area(LAT, LON, 40.0), "level": "aware"},
    "drill": {"mode": "drill"},
    "drill cancel": {"mode": "drill", "kind": "cancel", "why": "false", "version": 3},
}


@pytest.fixture(scope="module")
def schema():
    return etree.XMLSchema(etree.parse(str(SCHEMA)))


@pytest.fixture
def made(keys, travel_times):
    def make(mmi=7.2, **change):
        signed = keys.seal(an_alert(**change))
        message, _ = alert_message.read(signed)
        facts = Facts(message, mmi, area_of(message, travel_times), NOW - 4.0, signed)
        earlier = EARLIER if change.get("version", 1) == 3 else ()
        return etree.fromstring(document(facts, earlier, SENDER, WORDS))

    return make


def text(root, path):
    steps = "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
    return [element.text for element in root.findall(steps)]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_valid(made, schema, kind):
    mmi = nan if "cancel" in kind else 6.0
    schema.assertValid(made(mmi, **KINDS[kind]))


def test_the_schema_refuses_what_is_no_cap(made, schema):
    root = made()
    root.find(f"{{{NAMESPACE}}}msgType").text = "New"
    assert not schema.validate(root)


def test_an_alert_says_what_to_do_and_where(made):
    root = made()
    assert text(root, "status") == ["Actual"]
    assert text(root, "msgType") == ["Alert"]
    assert text(root, "references") == []
    assert text(root, "sent") == ["2023-11-14T22:13:20-00:00"]
    assert text(root, "info/language") == list(languages())
    assert set(text(root, "info/urgency")) == {"Immediate"}
    assert set(text(root, "info/severity")) == {"Severe"}
    assert set(text(root, "info/certainty")) == {"Observed"}
    assert set(text(root, "info/responseType")) == {"Shelter"}
    assert set(text(root, "info/onset")) == {"2023-11-14T22:13:16-00:00"}
    assert set(text(root, "info/expires")) == {"2023-11-14T22:16:20-00:00"}
    assert text(root, "info/headline")[0] == "EARTHQUAKE: Very strong shaking"
    assert text(root, "info/instruction")[0].startswith("Drop. Cover. Hold on. In bed:")
    assert text(root, "info/description")[0] == (
        "Magnitude 6.5. Epicentre 30.66 N, 104.06 E. 2023-11-14 22:13:16 UTC."
    )
    lat, lon = text(root, "info/area/circle")[0].split()[0].split(",")
    assert (float(lat), float(lon)) == (LAT, LON)


def test_every_language_has_its_own_words(made):
    headlines = text(made(), "info/headline")
    assert len(set(headlines)) == len(languages()) >= 2


def test_a_language_without_spaces_has_its_own_marks(made):
    root = made(mode="drill")
    for path in ("headline", "description", "instruction"):
        chinese = text(root, f"info/{path}")[languages().index("zh-CN")]
        assert ". " not in chinese
        assert ": " not in chinese


@pytest.mark.parametrize("why", ["false", "smaller"])
def test_a_cancel_never_looks_like_an_alert(made, why):
    root = made(nan, kind="cancel", why=why, version=3)
    assert text(root, "msgType") == ["Cancel"]
    assert set(text(root, "info/urgency")) == {"Past"}
    assert set(text(root, "info/certainty")) == {"Unlikely"}
    assert set(text(root, "info/responseType")) == {"AllClear" if why == "false" else "Monitor"}
    for language, said in zip(languages(), text(root, "info/headline"), strict=True):
        part = "cancelled" if why == "false" else "lowered"
        assert said == texts(language)[f"{part}.title"]
    urgent = {texts(code)["action.standard"].split("\n")[0] for code in languages()}
    if why == "false":
        assert not any(word in said for word in urgent for said in text(root, "info/instruction"))


def test_a_cancel_is_one_even_if_nothing_was_sent_before(made):
    root = made(nan, kind="cancel", why="false", version=2)
    assert text(root, "msgType") == ["Cancel"]


def test_an_update_refers_to_every_earlier_version(made):
    root = made(kind="update", version=3)
    assert text(root, "msgType") == ["Update"]
    references = text(root, "references")[0].split(" ")
    assert references == [f"{SENDER},{v.identifier},{v.sent}" for v in EARLIER]


@pytest.mark.parametrize("kind", ["new", "cancel"])
def test_a_drill_says_so_first_in_every_language(made, kind):
    root = made(mode="drill", kind=kind, why="false" if kind == "cancel" else None)
    assert text(root, "status") == ["Exercise"]
    assert text(root, "identifier")[0].startswith("forewave-drill-")
    for language, said in zip(languages(), text(root, "info/headline"), strict=True):
        assert said.startswith(texts(language)["drill.band"])


@pytest.mark.parametrize(
    ("mmi", "severity"),
    [(4.4, "Minor"), (4.6, "Moderate"), (5.6, "Severe"), (7.6, "Extreme"), (nan, "Unknown")],
)
def test_severity_follows_the_intensity(made, mmi, severity):
    assert set(text(made(mmi), "info/severity")) == {severity}


def test_what_rests_on_one_station_is_possible_and_no_call_to_act(made):
    root = made(**KINDS["single"])
    assert set(text(root, "info/certainty")) == {"Possible"}
    assert set(text(root, "info/responseType")) == {"Prepare"}
    assert text(root, "info/instruction")[0] == "Be ready to protect yourself."


def test_the_signed_message_is_in_it_and_can_be_verified(made, keys):
    root = made()
    names, values = text(root, "info/parameter/valueName"), text(root, "info/parameter/value")
    signed = dict(zip(names, values, strict=True))["forewaveMessage"]
    assert signing.unseal(signed, keys.trusted).m == 6.5


@pytest.mark.parametrize("event", ["a b", "x,y", "<&>", "ü", "e1"])
def test_identifiers_have_no_letters_that_cap_forbids(keys, event):
    message, _ = alert_message.read(keys.seal(an_alert(event=event)))
    identifier = version_of(message).identifier
    assert not set(identifier) & set(" ,<&")
    assert identifier.isascii()


def test_different_events_have_different_identifiers(keys):
    names = {
        version_of(alert_message.read(keys.seal(an_alert(event=event)))[0]).identifier
        for event in ("a b", "a_b", "a_20_b", "a,b", "a\u020b")
    }
    assert len(names) == 5


def test_the_headline_of_an_unknown_intensity_names_none(keys):
    message, _ = alert_message.read(keys.seal(an_alert()))
    assert headline(message, nan, WORDS["en"]) == "EARTHQUAKE"
    assert headline(replace(message, mode="test"), nan, WORDS["en"]).startswith("DRILL")


def test_a_small_event_is_minor(made):
    root = made(3.6, magnitude=Magnitude(3.5, 0.2, "M", 8))
    assert set(text(root, "info/severity")) == {"Minor"}
