"""What everything stands on: ids, clock, errors, actors, actions, the guard, keys."""
