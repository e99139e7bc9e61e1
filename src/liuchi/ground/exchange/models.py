"""Imports and exports: one framework for every register and every list."""
