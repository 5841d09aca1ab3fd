"""What the templates show: answers of `app.query` put into the words, numbers and links of a page."""
