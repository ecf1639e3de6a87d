"""Ground-motion models, one paper a file; MODELS is the table of them.

DEFAULT is what forewave forecasts with, and what takes over where a chosen model ends.
"""

from forewave.earth.gmm import (
    allen_wald_worden_2012,
    bindi_2014,
    boore_2014,
    si_midorikawa_1999,
)
from forewave.earth.gmm.card import Model
from forewave.errors import ModelError

DEFAULT: Model = boore_2014.MODEL
MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        boore_2014.MODEL,
        allen_wald_worden_2012.HYPOCENTRAL,
        allen_wald_worden_2012.RUPTURE,
        bindi_2014.MODEL,
        si_midorikawa_1999.CRUSTAL,
        si_midorikawa_1999.INTERFACE,
        si_midorikawa_1999.INTRASLAB,
    )
}


def named(name: str) -> Model:
    """A model of the table by its name. Raises ModelError, with all names, for any other."""
    if name not in MODELS:
        raise ModelError(f"model {name!r}: expected one of {', '.join(MODELS)}")
    return MODELS[name]
