"""How far apart two colours are to the eye, also to a colour-blind one."""

from __future__ import annotations

from itertools import product

Triple = tuple[float, float, float]

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
VISION: dict[str, tuple[Triple, Triple, Triple]] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
_TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
_WHITE = (0.9505, 1.0, 1.089)


def distance(one: str, other: str) -> float:
    """The smallest CIE 1976 difference of two `#rrggbb` over normal vision and the three dichromacies; 2 is just noticeable."""
    linear = [_linear(colour) for colour in (one, other)]
    return min(_difference(*(_lab(_times(seen, rgb)) for rgb in linear)) for seen in VISION.values())


def closest(colours: dict[str, str]) -> tuple[float, str, str]:
    """The two names whose colours are hardest to tell apart, and how far apart those are."""
    return min((distance(colours[a], colours[b]), a, b) for a, b in product(colours, colours) if a < b)


def _linear(colour: str) -> Triple:
    r, g, b = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return _gamma(r), _gamma(g), _gamma(b)


def _gamma(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _times(matrix: tuple[Triple, ...], vector: Triple) -> Triple:
    x, y, z = (min(max(sum(m * v for m, v in zip(row, vector, strict=True)), 0.0), 1.1) for row in matrix)
    return x, y, z


def _lab(linear: Triple) -> Triple:
    x, y, z = (_cube_root(v / w) for v, w in zip(_times(_TO_XYZ, linear), _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _cube_root(value: float) -> float:
    return float(value ** (1 / 3)) if value > 0.008856 else 7.787 * value + 16 / 116


def _difference(one: Triple, other: Triple) -> float:
    return float(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5)
