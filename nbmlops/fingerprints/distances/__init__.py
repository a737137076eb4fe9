"""How far two profiles are from each other, with the error of the estimate."""
