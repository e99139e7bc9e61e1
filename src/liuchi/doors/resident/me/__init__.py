"""My data: what is kept about me, who looked at it, what I have asked."""
