"""Neural networks."""

from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer

from genrelab.models.declaration import Estimator, Model
from genrelab.models.families import LIBROSA, ZOO

EPOCHS = {"quick": 20, "nightly": 100, "thorough": 100}


def _mlp(seed: int, _cores: int, budget: str) -> Estimator:
    return make_pipeline(
        # features as skewed as speechiness leave a network on standardised inputs behind
        QuantileTransformer(n_quantiles=300, output_distribution="normal", random_state=seed),
        MLPClassifier(
            (128, 64, 32),
            alpha=1e-3,
            early_stopping=True,
            n_iter_no_change=8,
            max_iter=EPOCHS[budget],
            random_state=seed,
        ),
    )


MODELS = (
    Model(
        name="mlp",
        label="Neural network, 3 hidden layers",
        why="The student projects' network: three hidden layers and early stopping, on a tenth of the training rows"
        " and not, as there, on the test part.",
        build=_mlp,
        is_quick=False,
        families=(*ZOO, LIBROSA),
        search={
            "mlpclassifier__alpha": (1e-4, 1e-3, 1e-2, 1e-1),
            "mlpclassifier__hidden_layer_sizes": ((64, 32, 16), (128, 64, 32), (256, 128, 64)),
        },
        is_slow=True,
        pinned={LIBROSA: {"mlpclassifier__alpha": 1.0}},
        trusted=("sklearn.neural_network._stochastic_optimizers.AdamOptimizer",),
    ),
)
