"""The parts a quantity is read from: put together by :mod:`claims.text.quantities`."""
