"""The parts a quantity is read from: one module each, put together by :mod:`claims.text.quantities`."""
