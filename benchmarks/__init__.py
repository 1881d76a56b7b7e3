"""Labelled sets, the programs that answer them, the floors and the gate that keeps them."""
