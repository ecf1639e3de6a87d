"""The dataselect service: requests, and the records of the archive that they choose."""
