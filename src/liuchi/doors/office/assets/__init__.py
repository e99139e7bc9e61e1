"""The public asset book at the desk and on the phone of who inspects."""
