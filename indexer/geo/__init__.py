"""What follows from where a sample is: UTM zone, grid cell and country of points, and codes of countries."""
