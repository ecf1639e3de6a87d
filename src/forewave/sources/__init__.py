"""Sources of packets, one kind per file or folder; SOURCES is the table of kinds."""

from forewave.sources import archive, datalink, shake_udp
from forewave.sources.base import Card
from forewave.sources.mqtt import source as mqtt
from forewave.sources.seedlink import source as seedlink

SOURCES: dict[str, Card] = {
    card.kind: card
    for card in (seedlink.CARD, datalink.CARD, mqtt.CARD, shake_udp.CARD, archive.CARD)
}
