"""Where the demo puts the communities. Nothing here was surveyed.

Talag, Shandia and Serena stand near their real place; the others are spread believably over the
cantons of Tena and Archidona. The rivers are sketched by eye. None of it may enter a register, a
declaration or a decision.
"""

from __future__ import annotations

from members.geometry.positions import Position

APPROXIMATE_CENTERS: dict[str, Position] = {
    # longitude, latitude; for the demo only
    "Rumi Yaku": (-77.752, -0.948),
    "Puni Bocana": (-77.706, -1.066),
    "Shinchi Runa": (-77.648, -1.003),
    "Mirador": (-77.772, -1.026),
    "Santa Bárbara": (-77.690, -1.012),
    "Campo Cocha": (-77.640, -1.098),
    "Colonia Bolívar": (-77.726, -1.118),
    "Ñukanchik Kawsay": (-77.834, -0.926),
    "Islas APAAI": (-77.574, -1.050),
    "Río Blanco": (-77.880, -1.012),
    "Mushuk Kawsay": (-77.776, -0.902),
    "Suyu Kawsay": (-77.598, -1.020),
    "Guinea Chimbana": (-77.678, -1.074),
    "Serena": (-77.956, -1.114),
    "Jatun Yaku": (-77.846, -1.072),
    "Seis de Marzo": (-77.782, -1.092),
    "Ila Yaku": (-77.916, -1.116),
    "Nueva Jerusalén": (-77.616, -1.138),
    "Bajo Talag": (-77.872, -1.050),
    "Centro Talag": (-77.906, -1.062),
    "Sumak Samay": (-77.724, -0.984),
    "Shandia": (-77.886, -1.086),
    "Diez de Agosto": (-77.850, -0.962),
}

TENA: Position = (-77.813, -0.994)
"""The town; the collection center of the demo stands here."""

SKETCHED_RIVERS: dict[str, tuple[Position, ...]] = {
    "Jatunyacu": (
        (-78.000, -1.142), (-77.976, -1.128), (-77.962, -1.106), (-77.940, -1.102),
        (-77.925, -1.084), (-77.900, -1.079), (-77.886, -1.072), (-77.862, -1.064),
        (-77.846, -1.055), (-77.823, -1.058), (-77.806, -1.049),
    ),
    "Anzu": (
        (-77.872, -1.250), (-77.858, -1.214), (-77.862, -1.186), (-77.842, -1.160),
        (-77.838, -1.128), (-77.818, -1.106), (-77.820, -1.080), (-77.806, -1.049),
    ),
    "Napo": (
        (-77.806, -1.049), (-77.782, -1.046), (-77.760, -1.054), (-77.738, -1.044),
        (-77.712, -1.054), (-77.690, -1.044), (-77.665, -1.035), (-77.640, -1.046),
        (-77.616, -1.044), (-77.590, -1.060), (-77.560, -1.058), (-77.530, -1.044),
        (-77.500, -1.046),
    ),
    "Tena": (
        (-77.905, -0.932), (-77.884, -0.948), (-77.866, -0.972), (-77.842, -0.980),
        (-77.826, -0.992), (-77.813, -0.994), (-77.790, -0.986), (-77.768, -0.990),
    ),
    "Misahuallí": (
        (-77.812, -0.850), (-77.802, -0.880), (-77.806, -0.908), (-77.790, -0.930),
        (-77.786, -0.960), (-77.768, -0.990), (-77.740, -1.004), (-77.716, -1.000),
        (-77.690, -1.020), (-77.665, -1.035),
    ),
}  # fmt: skip
"""Polylines of longitude and latitude, downstream; for the demo's maps only."""
