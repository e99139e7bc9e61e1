"""Whether two reports are about the same matter: judged from place, class, time and words; a person decides."""
