"""Is it real, and is it time to say so?

Real: the evidence for a source, summed over all places it could be, against the chance that
these picks are unrelated noise (a Bayes factor). Noise picks come at a low rate and barely pass
the trigger; an event's picks agree with each other, with the silence of the rest and with
the amplitudes of one magnitude. So two strong picks can be enough and four weak ones too few.

Time: at once when the place is known well; else when no further station is due within a moment.
In a dense network the next P is a few tenths away and makes the first answer right; in a sparse
one it is many seconds away, and waiting for it is what makes warnings late.
"""

import numpy as np
from numpy.typing import NDArray

from forewave.events.evidence import LATER_NOISE, NOISE_DECAY, NOISE_SPAN, Evidence, rarity
from forewave.events.locate import Location

Floats = NDArray[np.float64]

EVENT_RATE = 1.0 / 2000.0  # quakes of M 2 and more per second within the searched region
NOISE_RATE = 1.0 / 10800.0  # false picks per second and station


def likelihood(location: Location, evidence: Evidence) -> float:
    """Probability that the picks are an event rather than noise."""
    event = location.log_evidence + np.log(EVENT_RATE)
    noise = float(_log_false_picks(evidence).sum())
    return float(1.0 / (1.0 + np.exp(np.clip(noise - event, -500.0, 500.0))))


def _log_false_picks(evidence: Evidence) -> Floats:
    """Log-density of false picks in time and log10 amplitude; weak ones are the usual ones.

    A later pick of a station that has just picked is no coincidence, whatever the first was.
    """
    above = evidence.pick_log_a - evidence.pick_log_noise
    per_decade = NOISE_DECAY * np.log(10.0) * rarity(above)
    rate = np.where(evidence.pick_follows, LATER_NOISE / NOISE_SPAN, NOISE_RATE)
    return np.asarray(np.log(rate) + np.log(np.where(np.isnan(above), 1.0, per_decade)))
