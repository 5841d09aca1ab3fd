"""Where the samples of a catalogue are, in memory: points and UTM zones, read once."""

from __future__ import annotations

import duckdb
import numpy as np
from numpy.typing import NDArray

# Web Mercator ends where its square map does.
_MERCATOR_LATITUDE = 85.05112878
MERCATOR_BITS = 32
EARTH_KM = 6371.0088
"""Mean radius R1 of the WGS 84 ellipsoid, after the International Union of Geodesy and Geophysics."""
_ZONES = 60
HEMISPHERES = (None, "N", "S")


class Points:
    """Samples at points of the Earth; 28 bytes each.

    Attributes:
        ids: the samples, int32 (points,), ascending.
        latitude: degrees north, float64 (points,).
        longitude: degrees east, float64 (points,).
        x: place on the square Web Mercator map from its west to its east, in units of 2**-32 of its side,
            uint32 (points,).
        y: the same from south to north.
    """

    def __init__(
        self, ids: NDArray[np.int32], latitude: NDArray[np.float64], longitude: NDArray[np.float64]
    ) -> None:
        self.ids = ids
        self.latitude = latitude
        self.longitude = longitude
        self.x, self.y = mercator(latitude, longitude)


class Places(Points):
    """The samples with a place that a map can draw: points, and 6 bytes a zone, 7 a known zone.

    Attributes:
        zone_ids: samples known by their UTM zone only, int32 (zones,), ascending.
        zones: `zone * 3 + hemisphere` of each, a place in `HEMISPHERES`, int16 (zones,).
        utm_ids: samples whose UTM zone is known, points among them, int32 (known,), ascending.
        utm_zones: zone and hemisphere of each, as in `zones`.
        utm_bands: code of the latitude band's letter, 0 where none is known, uint8 (known,).

    Args:
        connection: the catalogue's database.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        points = connection.execute(
            """
            SELECT id::INTEGER AS id, latitude, longitude FROM samples
            WHERE latitude IS NOT NULL AND longitude IS NOT NULL ORDER BY id
            """
        ).fetchnumpy()
        super().__init__(
            np.asarray(points["id"], np.int32),
            np.asarray(points["latitude"], np.float64),
            np.asarray(points["longitude"], np.float64),
        )
        known = connection.execute(
            f"""
            SELECT id::INTEGER AS id,
                utm_zone::SMALLINT * 3::SMALLINT
                    + CASE utm_hemisphere WHEN 'N' THEN 1 WHEN 'S' THEN 2 ELSE 0 END AS zone,
                CASE WHEN utm_band IS NULL THEN 0 ELSE ascii(utm_band) END::UTINYINT AS band,
                geo_tier = 'zone' AS alone
            FROM samples WHERE utm_zone BETWEEN 1 AND {_ZONES} ORDER BY id
            """  # noqa: S608 - a constant
        ).fetchnumpy()
        self.utm_ids: NDArray[np.int32] = np.asarray(known["id"], np.int32)
        self.utm_zones: NDArray[np.int16] = np.asarray(known["zone"], np.int16)
        self.utm_bands: NDArray[np.uint8] = np.asarray(known["band"], np.uint8)
        alone = np.asarray(known["alone"], np.bool_)
        self.zone_ids: NDArray[np.int32] = self.utm_ids[alone]
        self.zones: NDArray[np.int16] = self.utm_zones[alone]


def mercator(
    latitude: NDArray[np.float64], longitude: NDArray[np.float64]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Degrees as places on the square Web Mercator map, as `Places` has them; beyond its edge is on it.

    Spherical Mercator: y = ln(tan(pi/4 + latitude/2)), scaled to the width of the map as x is.
    """
    clipped = np.clip(latitude, -_MERCATOR_LATITUDE, _MERCATOR_LATITUDE)
    upwards = np.log(np.tan(np.pi / 4 + np.radians(clipped) / 2)) / (2 * np.pi) + 0.5
    return _fixed((longitude + 180) / 360), _fixed(upwards)


def _fixed(share: NDArray[np.float64]) -> NDArray[np.uint32]:
    fixed: NDArray[np.uint32] = np.clip(share * 2**MERCATOR_BITS, 0, 2**MERCATOR_BITS - 1).astype(np.uint32)
    return fixed


def distance_km(
    latitude: float,
    longitude: float,
    latitudes: NDArray[np.float64],
    longitudes: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Great-circle distances from one point to others, in kilometres.

    By the haversine formula on a sphere of radius `EARTH_KM`; on the ellipsoid they differ by up to 0.5 %.
    """
    north, east = np.radians(latitudes), np.radians(longitudes)
    here = np.radians(latitude)
    half = np.sin((north - here) / 2) ** 2
    half += np.cos(here) * np.cos(north) * np.sin((east - np.radians(longitude)) / 2) ** 2
    distances: NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return distances
