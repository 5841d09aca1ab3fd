"""`python -m app.cli`: the same as `rs5m`, for a process that knows its interpreter but not its scripts."""

from app.cli import main

main()
