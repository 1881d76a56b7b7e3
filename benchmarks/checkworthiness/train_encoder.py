"""Train the second stage of check-worthiness.

``python benchmarks/checkworthiness/train_encoder.py DATA``, where ``DATA`` is a folder with the
public sets named in ``docs/MODEL_CARD_ENCODER.md``; the optional encoder must be installed,
nothing else. Promises the same additions for the same data and the same arithmetic library: the
order of the sentences and the first factors come from a seed. ``--hold-out 2012`` keeps the
debates from that year on aside, prints what the additions reach on them and writes nothing.
Takes about twelve minutes of one processor.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.checkworthiness.backprop import pull_layer, trace_layer  # noqa: E402
from benchmarks.checkworthiness.descent import (  # noqa: E402
    Descent,
    Parameters,
    draw_batches,
    factors_from,
    first_factors,
)
from benchmarks.checkworthiness.examples import (  # noqa: E402
    Example,
    digest_of,
    read_examples,
    split_by_year,
    target_of,
)
from benchmarks.checkworthiness.measures import average_precision  # noqa: E402
from claims.text.checkworthiness import score_sentences  # noqa: E402
from claims.text.convolution import log_odds  # noqa: E402
from claims.text.encoder.additions import (  # noqa: E402
    Additions,
    add_to_layers,
    store_additions,
)
from claims.text.encoder.network import (  # noqa: E402
    Floats,
    Network,
    embed_tokens,
    find_runs,
    pool_means,
)
from claims.text.encoder.second_stage import (  # noqa: E402
    ALWAYS_ON_SHARE,
    HEAD_SCALE,
    MODEL_PATH,
    MODEL_VERSION,
    MOST_TOKENS,
    SecondStage,
)
from claims.text.encoder.tokens import cut_tokens  # noqa: E402
from claims.text.encoder.weights import load_network  # noqa: E402

# Chosen on the debates from 2012 on, trained on those before (docs/MODEL_CARD_ENCODER.md).
SEED = 20261122
RANK = 16
EPOCHS = 2
BATCH = 32
RATE = 7e-4
HEAD_PACE = 2.0


def additions_from(parameters: Parameters, layers: int) -> Additions:
    """The parameters as additions to the network's layers."""
    head = {name: parameters[name] for name in ("head_weight", "head_bias")}
    return Additions(factors_from(parameters, layers), head)


def find_slopes(
    network: Network,
    parameters: Parameters,
    texts: Sequence[Sequence[int]],
    targets: Floats,
    weights: Floats,
) -> tuple[float, Parameters]:
    """The batch's cost (weighted cross-entropy) and its slope along every parameter.

    ``texts`` come sorted by length, with their targets and weights in the same order.
    """
    additions = additions_from(parameters, len(network.layers))
    layers = add_to_layers(network.layers, additions.factors)
    runs = find_runs([len(tokens) for tokens in texts])
    rows = embed_tokens(network, texts)
    traces = []
    for layer in layers:
        rows, trace = trace_layer(layer, rows, runs)
        traces.append(trace)
    pooled = pool_means(rows, runs)
    length = np.linalg.norm(pooled, axis=1, keepdims=True)
    direction, head_weight = pooled / length, parameters["head_weight"]
    odds = HEAD_SCALE * direction @ head_weight.T + parameters["head_bias"]
    odds -= odds.max(axis=1, keepdims=True)
    chances = np.exp(odds)
    chances /= chances.sum(axis=1, keepdims=True)
    cost = -float((weights[:, None] * targets * np.log(chances + 1e-9)).sum())
    pull = (chances - targets) * weights[:, None]
    slopes: Parameters = {
        "head_weight": HEAD_SCALE * pull.T @ direction,
        "head_bias": pull.sum(axis=0),
    }
    turned = HEAD_SCALE * pull @ head_weight
    turned -= direction * (turned * direction).sum(axis=1, keepdims=True)
    turned /= length
    sizes = np.array([len(tokens) for tokens in texts])
    slope = np.repeat(turned / sizes[:, None], sizes, axis=0).astype(np.float32)
    for number in reversed(range(len(layers))):
        slope, grown = pull_layer(
            layers[number], additions.factors[number], traces[number], runs, slope
        )
        for name, (left, right) in grown.items():
            slopes[f"{number}.{name}.left"] = left
            slopes[f"{number}.{name}.right"] = right
    return cost, slopes


def fit(examples: Sequence[Example]) -> SecondStage:
    """The network with additions learned from the examples."""
    network = load_network()
    chance = np.random.default_rng(SEED)
    tokens = cut_tokens([example.text for example in examples], most=MOST_TOKENS)
    targets = np.array([target_of(example) for example in examples], np.float32)
    weights = np.array([example.weight for example in examples], np.float32)
    steps = EPOCHS * (len(examples) // BATCH)
    parameters = first_factors(network.layers, RANK, chance)
    parameters["head_weight"] = np.zeros((3, network.kind.shape[0]), np.float32)
    parameters["head_bias"] = np.zeros(3, np.float32)
    paces = {"head_weight": HEAD_PACE, "head_bias": HEAD_PACE}
    descent = Descent(parameters, steps=steps, rate=RATE, paces=paces)
    costs: list[float] = []
    for _ in range(EPOCHS):
        for batch in draw_batches(len(examples), BATCH, chance):
            places = sorted(batch.tolist(), key=lambda place: len(tokens[place]))
            cost, slopes = find_slopes(
                network,
                descent.parameters,
                [tokens[place] for place in places],
                targets[places],
                weights[places] / np.float32(BATCH),
            )
            descent.step(slopes)
            costs.append(cost)
            if len(costs) % 100 == 0:
                mean = sum(costs[-100:]) / 100
                seconds = time.process_time()
                print(f"step {len(costs)} of {steps}: {mean:.3f}, {seconds:.0f} s", flush=True)
    additions = additions_from(descent.average, len(network.layers))
    layers = add_to_layers(network.layers, additions.factors)
    return SecondStage(replace(network, layers=layers), additions)


def report(stage: SecondStage, held_out: Sequence[Example]) -> None:
    """Print average precision on the held-out debates for shares of unimportant and always-on.

    The always-on model has seen these debates, so its column is a ceiling, not a measure.
    """
    chances = stage.judge([example.text for example in held_out])
    first = score_sentences([example.text for example in held_out])
    always = log_odds(np.array([score.value for score in first]))
    worthy = [example.verdict == 1 for example in held_out]
    factual = [example.verdict != -1 for example in held_out]
    for unimportant in (0.0, 0.1, 0.25, 0.5):
        own = log_odds(chances[:, 0] + unimportant * chances[:, 1])
        both = own + ALWAYS_ON_SHARE * always
        for name, odds in (("alone", own.tolist()), ("with the always-on model", both.tolist())):
            print(
                f"unimportant x {unimportant}, {name}: worthy AP "
                f"{average_precision(worthy, odds):.4f}, factual AP "
                f"{average_precision(factual, odds):.4f}"
            )


def main() -> int:
    """Train and store, or train on the past and report on what is held out."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--hold-out", type=int, default=math.inf, metavar="YEAR")
    given = parser.parse_args()
    examples = read_examples(given.data)
    past, held_out = split_by_year(examples, given.hold_out)
    stage = fit(past)
    if held_out:
        report(stage, held_out)
        return 0
    digest = digest_of(examples)
    store_additions(MODEL_PATH, MODEL_VERSION, stage.additions, data_sha256=digest)
    print(f"{MODEL_PATH.name}: {len(examples)} sentences, sha256 {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
