"""The scale catalogue: RS5M's size and proportions without images, for measuring and for sizing machines."""
