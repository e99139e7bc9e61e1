"""Appeals against time-outs: said by the unit, decided by somebody else."""
