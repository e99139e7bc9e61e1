"""Files in and out: bringing a file into a register step by step, and the list of what was taken out."""
