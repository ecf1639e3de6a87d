"""What holds for every test."""

from hypothesis import settings

# Examples are found in a fixed order and without a time limit: a test that failed once fails
# again, and a busy machine is no reason to fail.
settings.load_profile("ci")
