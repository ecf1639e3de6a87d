"""How alerts reach devices; CHANNELS is the table of them."""
