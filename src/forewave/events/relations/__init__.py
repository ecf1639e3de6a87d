"""Magnitude relations, one paper a file; RELATIONS is the table of those from P displacement.

The setting `events.relation` names the one that P is measured with. The default is none of them but
ENVELOPES (`cua_heaton_2007`), which hold for S as well and for sensors too noisy to integrate twice
(docs/decisions/0034).
"""

from forewave.events.relations import kuyuk_allen_2013, wu_zhao_2006
from forewave.events.relations.card import Relation

ENVELOPES = "cua_heaton_2007"  # not in the table: it has P and S, in three quantities

RELATIONS: dict[str, Relation] = {
    relation.name: relation for relation in (kuyuk_allen_2013.RELATION, wu_zhao_2006.RELATION)
}
