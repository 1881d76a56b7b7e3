"""Minimise a smooth function of many variables by L-BFGS, in NumPy alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_MEMORY = 8
_SUFFICIENT_DECREASE = 1e-4
_SMALLEST_GAIN = 1e-7


def minimise(
    loss: Callable[[Floats], tuple[float, Floats]], start: Floats, iterations: int
) -> Floats:
    """The point reached from ``start``; ``loss`` gives the value and its gradient.

    Ends after ``iterations`` steps or when a step gains less than 1e-7.
    """
    point = start
    value, gradient = loss(point)
    moves: list[tuple[Floats, Floats]] = []
    for _ in range(iterations):
        direction = _direction(gradient, moves)
        slope = float(gradient @ direction)
        step = 1.0 if moves else 0.1 / max(1e-12, float(np.abs(gradient).max()))
        while True:
            ahead = point + step * direction
            new_value, new_gradient = loss(ahead)
            if new_value <= value + _SUFFICIENT_DECREASE * step * slope or step < 1e-10:
                break
            step /= 2
        moves = [*moves, (ahead - point, new_gradient - gradient)][-_MEMORY:]
        gain, point, value, gradient = value - new_value, ahead, new_value, new_gradient
        if gain < _SMALLEST_GAIN:
            break
    return point


def _direction(gradient: Floats, moves: list[tuple[Floats, Floats]]) -> Floats:
    """Two loops over the last moves: the gradient times an estimate of the inverse Hessian."""
    rest = gradient.copy()
    shares: list[float] = []
    for move, bend in reversed(moves):
        share = float(move @ rest) / float(bend @ move)
        shares.append(share)
        rest -= share * bend
    if moves:
        move, bend = moves[-1]
        rest *= float(move @ bend) / float(bend @ bend)
    for (move, bend), share in zip(moves, reversed(shares), strict=True):
        rest += (share - float(bend @ rest) / float(bend @ move)) * move
    return -rest
