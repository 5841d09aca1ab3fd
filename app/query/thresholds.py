"""The parameters of `/stages/what-if`: where each score is cut."""

from __future__ import annotations

from collections.abc import Iterable

from app.query.judged import SCORES, ScoreName
from app.query.parameters import Parameter, single_values
from app.query.whatif import Threshold

THRESHOLD_PARAMETERS: tuple[Parameter, ...] = (
    Parameter("vlm", "Lowest score s that is kept.", "0.21"),
    Parameter("vlm_keep", "Share of the judged samples that score s keeps, instead of `vlm`.", "0.9"),
    Parameter("detector", "Lowest score c that is kept.", "0.5"),
    Parameter("detector_keep", "Share that score c keeps, instead of `detector`.", "0.8"),
)


def parse_thresholds(
    params: Iterable[tuple[str, str]], own: Iterable[str] = ()
) -> dict[ScoreName, Threshold]:
    """The thresholds that query-string pairs ask for; a score that none names is left out.

    Args:
        params: the pairs; empty values are ignored.
        own: further names that belong to the page.

    Raises:
        UserError: an unknown parameter, one given twice, or a value that is no threshold.
    """
    values = single_values(params, [parameter.name for parameter in THRESHOLD_PARAMETERS], own)
    return {
        name: Threshold.parse(name, values.get(name), values.get(f"{name}_keep"))
        for name in SCORES
        if name in values or f"{name}_keep" in values
    }
