"""Fitted models: scikit-learn, boosters, torch."""
