"""Where packets come from; SOURCES is the table of them."""
