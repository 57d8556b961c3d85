"""The thin core: places, people, cases and the web pages around them."""
