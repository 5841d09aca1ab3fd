"""Keeps web pairs whose caption says remote sensing, by RS5M's keyword list or another one."""

from __future__ import annotations

from typing import ClassVar

import pyarrow as pa

from indexer.keywords import RS5M_KEYWORDS, Keywords
from indexer.stages.base import WEB, Facts, Judgement, StageSettings, Subsets, among

_ROWS_AT_ONCE = 100_000
_LABELS = pa.schema([("id", pa.int64()), ("keyword", pa.dictionary(pa.int32(), pa.string()))])


class KeywordSettings(StageSettings):
    """Which captions need which keywords.

    Attributes:
        subsets: samples of these are judged, others were not gathered by keyword; `all` for every one.
        keywords: label to regular expression (`indexer/keywords.py`); RS5M's where none are given.
    """

    subsets: Subsets = WEB
    keywords: dict[str, str] | None = None


class Keyword:
    """Removes samples without a keyword; the one that matched is kept with the sample.

    Raises:
        UserError: a keyword's expression is none.
    """

    name: ClassVar[str] = "keyword"
    Settings: ClassVar[type[StageSettings]] = KeywordSettings
    by_score: ClassVar[bool] = False

    def __init__(self, settings: KeywordSettings) -> None:
        self.settings = settings
        self._keywords = Keywords(settings.keywords or RS5M_KEYWORDS)

    def judge(self, facts: Facts) -> Judgement:
        """Look for a keyword in every caption."""
        run = facts.connection
        run.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE searched AS
            SELECT id, regexp_matches(coalesce(caption, ''), $pattern, 'i') AS found
            FROM remaining WHERE {among(self.settings.subsets)}
            """,  # noqa: S608 - quoted
            {"pattern": self._keywords.pattern},
        )
        self._label(facts)
        without = run.sql("SELECT count(*) FROM searched WHERE NOT found").fetchall()[0][0]
        judged = run.sql(
            """
            SELECT id, false AS removed, NULL AS reason, NULL AS detail, keyword FROM labelled
            UNION ALL
            SELECT id, true, 'no_keyword', 'The caption has no remote-sensing keyword.', NULL
            FROM searched WHERE NOT found
            """
        )
        return Judgement(judged, {"removed": without})

    def _label(self, facts: Facts) -> None:
        """Table `labelled`: which keyword it was. One DuckDB query cannot say which of many came first."""
        reader = facts.connection.sql(
            "SELECT id, caption FROM remaining SEMI JOIN (FROM searched WHERE found) USING (id)"
        ).to_arrow_reader(_ROWS_AT_ONCE)
        # Numbers in place of words: of millions of captions only these stay in memory.
        labels = [_LABELS.empty_table()]
        for batch in reader:
            found = pa.array(map(self._keywords.find, batch["caption"].to_pylist()), pa.string())
            labels.append(pa.table({"id": batch["id"], "keyword": found.dictionary_encode()}, schema=_LABELS))
        facts.connection.register("labels", pa.concat_tables(labels).unify_dictionaries())
        facts.connection.execute("CREATE OR REPLACE TEMP TABLE labelled AS FROM labels")
        facts.connection.unregister("labels")
