"""Sources of packets, one kind per file; SOURCES is the table of kinds."""

from forewave.sources import archive, datalink, mqtt, seedlink, shake_udp
from forewave.sources.base import Card

SOURCES: dict[str, Card] = {
    card.kind: card
    for card in (seedlink.CARD, datalink.CARD, mqtt.CARD, shake_udp.CARD, archive.CARD)
}
