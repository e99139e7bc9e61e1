"""Pages about organisations: who they are, what stands where, who answers for what, and changing it."""
