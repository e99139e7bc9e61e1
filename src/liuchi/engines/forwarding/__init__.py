"""Cases given to another city: sent to its Open311 endpoint, and what becomes of them brought back."""
