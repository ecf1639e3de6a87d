"""Relief after an earthquake: stocks, needs, and a plan of who sends what where."""
