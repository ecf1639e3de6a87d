"""Where packets come from, one kind a file; SOURCES is the table of them."""

from forewave.sources import datalink, seedlink
from forewave.sources.base import Card

SOURCES: dict[str, Card] = {card.kind: card for card in (seedlink.CARD, datalink.CARD)}
