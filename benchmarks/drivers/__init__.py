"""What runs in the environment of a rival, as a process of its own. Only `app_planner` imports the app.

A driver answers `build(given, home)`, which makes an index of `given` in the new folder `home`, and
`search(given, first, last, k, filtered, ...)` with the settings of a search.
"""
