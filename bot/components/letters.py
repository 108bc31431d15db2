"""What single characters mean, from the weights that jieba ships, for the classifier.

Few of the words that people use stand in the training text, but nearly every character does not stand alone: LAC's
embedding, learnt on far more text than ours, puts 瘸 near 跛 and 薪 near 酬. A message is the mean of its characters'
vectors beside its n-grams. Since both the mean and the machines are linear, the trained model only keeps one number a
character and label, and needs no LAC when it runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from bot.components import lac
from bot.components.features import GROUPS, Features, Found, Numbers
from bot.components.linear import Solved

TINY = 1e-6


@dataclass(frozen=True)
class Letters:
    """Known characters and their vectors (characters, units); none where LAC is missing."""

    signs: Sequence[str]
    vectors: Numbers

    @property
    def unheard(self) -> Letters:
        """The same characters without any meaning, for what shall not read them."""
        return Letters(self.signs, self.vectors[:, :0])

    def packed(self, features: Features, x: sp.csr_matrix) -> sp.csr_matrix:
        """`x` with the columns of single characters replaced by the mean of their vectors."""
        start, end = features.shared - features.letters, features.shared
        if start == end:
            return x
        means = sp.csr_matrix(x[:, start:end] @ self.vectors)
        return sp.hstack([x[:, :start], means, x[:, end:]], format="csr")

    def unpacked(self, features: Features, solved: Solved) -> Solved:
        """Weights for the columns of `features` from those that were solved for `packed` ones."""
        if not features.letters:
            return solved
        start, units = features.shared - features.letters, self.vectors.shape[1]
        weights, offsets = solved
        letters = self.vectors @ weights[start : start + units]
        return np.concatenate([weights[:start], letters, weights[start + units :]]).astype(np.float32), offsets


def letters_of(found: Sequence[Found], scale: float) -> Letters:
    """The characters of LAC, their vectors centred and scaled so that the mean vector of one of the messages `found` is
    about `scale` long. Without LAC there are none, and the n-grams do alone."""
    try:
        signs, vectors = lac.meanings()
    except lac.Unfit:
        return Letters((), np.zeros((0, 0), dtype=np.float32))
    shares = Features.fit((), (1.0,) * GROUPS, letters=signs).matrix(found)
    means = shares @ vectors
    spread = means.std(axis=0) + TINY
    return Letters(signs, (vectors - means.mean(axis=0)) / spread * (scale / np.sqrt(vectors.shape[1])))
