"""Static pictures of a ring or a case, as SVG or PNG: for reports, notebooks and print.

Each function takes a dossier (or, for money, the whole book) and gives a `Picture`, which a notebook shows as it is and
`save` writes to a file. They need matplotlib, which is an extra. The same case gives the same bytes.
"""

from __future__ import annotations

from toolkit.visualise.pictures.canvas import Picture
from toolkit.visualise.pictures.lags import lags
from toolkit.visualise.pictures.matrix import matrix
from toolkit.visualise.pictures.money import money
from toolkit.visualise.pictures.timeline import timeline
from toolkit.visualise.pictures.waterfall import waterfall
from toolkit.visualise.pictures.write import FORMATS, OF_RING, write

__all__ = ["FORMATS", "OF_RING", "Picture", "lags", "matrix", "money", "timeline", "waterfall", "write"]
