"""What is believed before anything is learned: how often each level is seen on one person, on siblings, on strangers.

Expectation-maximisation starts here, so that what it calls one person, kin and strangers is what these words mean; and what the
data says nothing of (a field that it does not have) stays as it is here.
"""

from __future__ import annotations

from typing import Final

Shares = dict[str, dict[str, tuple[float, float, float]]]
"""By field and level: (one person, brothers and sisters, strangers). Each column of a field adds up to 1."""

START: Final[Shares] = {
    "nhs": {"same": (0.985, 0.002, 1e-7), "differ": (0.015, 0.998, 1 - 1e-7)},
    "upn": {"same": (0.98, 0.002, 1e-7), "differ": (0.02, 0.998, 1 - 1e-7)},
    "given": {
        "same": (0.62, 0.00005, 0.0012), "common": (0.16, 0.00005, 0.004), "form": (0.07, 0.0005, 0.002),
        "words": (0.03, 0.0005, 0.001), "sound": (0.03, 0.006, 0.004), "close": (0.06, 0.012, 0.005),
        "swapped": (0.005, 0.0005, 0.00002),
        "start": (0.01, 0.008, 0.007), "differ": (0.015, 0.9724, 0.97578),
    },
    "family": {
        "same": (0.68, 0.66, 0.0007), "common": (0.12, 0.12, 0.004), "part": (0.04, 0.05, 0.0004),
        "sound": (0.02, 0.015, 0.0014), "close": (0.04, 0.015, 0.0025), "swapped": (0.005, 0.0005, 0.00002),
        "differ": (0.095, 0.1395, 0.99098),
    },
    "born": {
        "same": (0.86, 0.03, 0.00016), "swapped": (0.03, 0.0005, 0.00006), "digit": (0.05, 0.02, 0.004),
        "parts": (0.02, 0.03, 0.018), "near": (0.03, 0.1, 0.05), "differ": (0.01, 0.8195, 0.92778),
    },
    "sex": {"same": (0.985, 0.5, 0.5), "differ": (0.015, 0.5, 0.5)},
    "address": {
        "same": (0.6, 0.7, 0.00001), "postcode": (0.08, 0.08, 0.0001), "lines": (0.05, 0.05, 0.00002),
        "near": (0.05, 0.03, 0.01), "differ": (0.22, 0.14, 0.98987),
    },
    "phone": {"same": (0.6, 0.6, 0.00001), "digit": (0.03, 0.02, 0.0001), "differ": (0.37, 0.38, 0.99989)},
    "school": {"same": (0.75, 0.5, 0.01), "differ": (0.25, 0.5, 0.99)},
    "mother": {"same": (0.85, 0.82, 0.00005), "like": (0.1, 0.1, 0.004), "differ": (0.05, 0.08, 0.99595)},
    "beside": {"same": (0.8, 0.6, 0.03), "differ": (0.2, 0.4, 0.97)},
    "listed": {"named": (0.004, 0.6, 0.02)},
}  # fmt: skip
LIMITS: Final[dict[str, float]] = {
    "nhs": 20.0, "upn": 20.0, "given": 14.0, "family": 14.0, "born": 14.0, "sex": 6.0, "address": 16.0, "phone": 14.0,
    "school": 5.0, "mother": 12.0, "beside": 5.0, "listed": 8.0,
}  # fmt: skip
"""The most bits that a level may weigh, for or against: data that shows no exception yet does not prove that there is none."""
