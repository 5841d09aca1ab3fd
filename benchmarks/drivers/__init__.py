"""What runs in the environment of a rival: it may import nothing of the app."""
