"""The jobs of the house, none of which begins by itself: in the day in the life the bells are rung by the test."""

from dataclasses import replace

from liuchi.config import wiring

JOBS = tuple(replace(job, cron="") for job in wiring.JOBS)
