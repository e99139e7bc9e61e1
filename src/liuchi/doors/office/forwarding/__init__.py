"""The section for cases given to other cities."""
