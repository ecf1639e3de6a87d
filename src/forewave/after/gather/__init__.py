"""The history of an event: from a recording, or from the record of a live machine."""
