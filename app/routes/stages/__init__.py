"""`/stages` and what lies below it: one file a page."""
