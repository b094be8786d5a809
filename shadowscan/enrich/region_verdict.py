"""The verdict on one route: where it ran, how well that is known, and what the policy allows there.

Unknown is never fine: a host that names no region is `unknown` whatever the vendor's home country. An entry region
(R2) inside proves nothing about processing, and less where the route can move (cross-region profiles, global SKUs).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shadowscan.catalog.regions import THIRD_COUNTRY

VERDICTS = ("violation", "possible", "unknown", "pass")  # worst first


@dataclass(frozen=True, slots=True)
class Route:
    """One way to a vendor: the region it names, the evidence level R0 to R5, and whether processing can move.

    `tier` is the legal tier of the vendor's jurisdiction (`Catalog.tier_of`). `destinations` are the regions that a
    cross-region profile may process in, empty where that is anywhere or not known, None where there is no profile.
    `is_opaque`: a profile is named that hides its geography.
    """

    region: str
    evidence: str
    jurisdiction: str
    is_movable: bool = False
    is_pinned: bool = False
    tier: str = "unknown"
    destinations: frozenset[str] | None = None
    is_opaque: bool = False


@dataclass(frozen=True, slots=True)
class RegionVerdict:
    """`verdict` is violation, possible, unknown or pass; the two in the middle are open until a record settles them.

    `can_move`: possible only since the route may leave a place that is allowed, or leads to several.
    """

    verdict: str
    severity: str
    why: str
    can_move: bool = False

    @property
    def is_open(self) -> bool:
        """Whether better evidence could still decide it."""
        return self.verdict in ("possible", "unknown")


def judge(route: Route, allowed: frozenset[str], groups: Mapping[str, frozenset[str]], group: str) -> RegionVerdict:
    """Verdict of a route against the allowed region groups and region ids (CONTRACT section 3, region verdicts)."""
    level = int(route.evidence[1:])
    if route.is_opaque:
        return _unknown(route, allowed, groups, "an inference profile hides where it is processed")
    if level < 2 or route.region == "unknown":
        return _unknown(route, allowed, groups, "the route names no region")
    if route.destinations is not None:
        return _by_profile(route, route.destinations, allowed, groups)
    if route.region not in allowed and group == "unknown" and not _is_listed(route.region, groups):
        return _unknown(route, allowed, groups, f"{route.region} belongs to no region group")
    if not is_inside(route.region, group, allowed, groups):
        return _outside(route, level, allowed)
    return _inside(route, level, allowed, groups)


def is_inside(region: str, group: str, allowed: frozenset[str], groups: Mapping[str, frozenset[str]]) -> bool:
    """Whether a region, or the group a geography word stands for, lies within what is allowed."""
    if region in allowed or group in allowed:
        return True
    return any(region in groups.get(name, frozenset()) for name in allowed)


def _is_listed(region: str, groups: Mapping[str, frozenset[str]]) -> bool:
    return any(region in members for members in groups.values())


def _outside(route: Route, level: int, allowed: frozenset[str]) -> RegionVerdict:
    places = ", ".join(sorted(allowed)) or "nowhere"
    if level >= 3:
        return RegionVerdict("violation", "high", f"{route.region} ({route.evidence}) is outside {places}")
    why = f"enters in {route.region}, outside {places}; where it is processed is not shown"
    return RegionVerdict("possible", "medium", why)


def _by_profile(
    route: Route, destinations: frozenset[str], allowed: frozenset[str], groups: Mapping[str, frozenset[str]]
) -> RegionVerdict:
    """A geography is not a law's area: `eu` takes in London and Zurich, `apac` the Emirates."""
    outside = sorted(region for region in destinations if not is_inside(region, "unknown", allowed, groups))
    if outside and len(outside) == len(destinations):
        return _outside(route, 3, allowed)
    where = ", ".join(outside) or ("regions inside what is allowed" if destinations else "any region")
    return RegionVerdict("possible", "medium", f"the {route.region} profile may process in {where}", can_move=True)


def _inside(route: Route, level: int, allowed: frozenset[str], groups: Mapping[str, frozenset[str]]) -> RegionVerdict:
    if level >= 4 or (level == 3 and route.is_pinned):
        return RegionVerdict("pass", "info", f"{route.region} ({route.evidence}) is allowed")
    if level == 3:
        return RegionVerdict(
            "possible", "medium", f"{route.region} is configured, but nothing pins processing", can_move=True
        )
    if route.is_movable:
        return RegionVerdict("possible", "medium", f"enters in {route.region}, but processing can move", can_move=True)
    return _unknown(route, allowed, groups, f"enters in {route.region}; where it is processed is not shown")


def _unknown(route: Route, allowed: frozenset[str], groups: Mapping[str, frozenset[str]], why: str) -> RegionVerdict:
    home = route.jurisdiction
    is_allowed_home = home.lower() in allowed or home in allowed
    severity = "low" if is_allowed_home or route.tier != THIRD_COUNTRY else "medium"
    return RegionVerdict("unknown", severity, f"{why}; vendor's jurisdiction {home}")
