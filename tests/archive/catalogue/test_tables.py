from forewave.archive.catalogue.tables import COMPLETE_TO, METADATA


def test_every_table_has_a_key_by_which_what_is_written_twice_is_there_once():
    assert {
        name: [c.name for c in table.primary_key] for name, table in METADATA.tables.items()
    } == {
        "events": ["mode", "event"],
        "solutions": ["mode", "event", "version"],
        "alerts": ["digest"],
        "acts": ["digest"],
        "marks": ["name"],
    }
    assert len(COMPLETE_TO) <= 40
