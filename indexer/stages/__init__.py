"""Filter stages: one class and one file each, registered in `pipeline.py` by one line.

Facts about a sample are measured once; stages are decisions over them, and can be taken again with other
settings. The first stage that removes a sample is the one the ledger names.
"""

from indexer.stages.base import Facts, Judgement, Stage
from indexer.stages.decide import decide
from indexer.stages.pipeline import RS5M_STAGES, Pipeline

__all__ = ["RS5M_STAGES", "Facts", "Judgement", "Pipeline", "Stage", "decide"]
