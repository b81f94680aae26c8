"""The public words of the rules' answers."""

from __future__ import annotations

from portal.support.checks.rules import Fit
from portal.words import W

FITS = {Fit.FITS: W("Fits"), Fit.LOOK: W("Needs a look"), Fit.UNFIT: W("Does not fit")}
TONES = {Fit.FITS: "green", Fit.LOOK: "ochre", Fit.UNFIT: "red"}
