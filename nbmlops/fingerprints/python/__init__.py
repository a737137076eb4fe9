"""Values of Python itself: scalars, containers, functions, classes, and instances of any class."""
