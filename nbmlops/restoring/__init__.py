"""Takes a result out of the notebook: its slice as a notebook of its own, tried where asked."""
