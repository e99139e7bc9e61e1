"""Guessing a case's class from the reporter's words: learnt from closed cases, explained by character sequences."""
