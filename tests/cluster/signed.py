"""Signed records of a region, as they are on the bus."""

from forewave.cluster.wire import Beacon, sign
from forewave.delivery import signing
from tests.cluster.records import T0

KEYS = signing.generate()
REGION = "r"


def sent(record, keys=KEYS):
    return sign(record, keys, REGION)


def beacon(n=1, epoch=1, leader="a", state="ready", now=T0):
    return sent(Beacon(epoch, leader, n, now, state))
