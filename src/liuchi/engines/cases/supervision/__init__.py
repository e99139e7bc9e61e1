"""Supervision of cases: reminders 催办, orders 督办, yellow and red cards, by rule and by hand, and their answers."""
