"""The read-only web app over one catalogue, and the command line."""
