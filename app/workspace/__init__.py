"""What people write while they explore: one small SQLite file beside the catalogue, never inside it.

A kind of thing that people write is one file here, which knows its table, and one entry in `migrations.py`.
"""

from app.workspace.database import Workspace, WorkspaceError, workspace_path
from app.workspace.marks import Mark, Marks, Verdict

__all__ = ["Mark", "Marks", "Verdict", "Workspace", "WorkspaceError", "workspace_path"]
