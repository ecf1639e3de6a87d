"""Ground-motion models, one paper a file; MODELS is the table of them."""

from forewave.shaking.gmm import allen_wald_worden_2012, boore_2014
from forewave.shaking.gmm.card import Model

MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        boore_2014.MODEL,
        allen_wald_worden_2012.HYPOCENTRAL,
        allen_wald_worden_2012.RUPTURE,
    )
}
