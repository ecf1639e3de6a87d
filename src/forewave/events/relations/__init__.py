"""Magnitude relations, one paper a file; RELATIONS is the table of those from P displacement.

The tracker does not use these: it measures by envelopes (`cua_heaton_2007`), which hold for S
as well and for sensors too noisy to integrate (docs/decisions/0034). They are what others'
rules go by, and what made earthquakes are compared with.
"""

from forewave.events.relations import kuyuk_allen_2013, wu_zhao_2006
from forewave.events.relations.card import Relation

RELATIONS: dict[str, Relation] = {
    relation.name: relation for relation in (kuyuk_allen_2013.RELATION, wu_zhao_2006.RELATION)
}
