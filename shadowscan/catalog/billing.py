"""From the words of a bill to a vendor: card descriptors, service names, usage types, legal names."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from shadowscan.model.vendor import Vendor

# Acquirers and stores put their own mark before the merchant's; what follows decides.
_PREFIX = re.compile(r"^(?:SQ|PP|PAYPAL|STRIPE|SP|TST|PADDLE\.NET|GOOGLE) ?\*+ ?", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_COFFEE = re.compile(r"^SQ ?\*", re.IGNORECASE)  # Square sells over the counter: a café may be called anything
SEAT_FIRST = {"seat": 0, "api": 1, "platform": 2}


class BillVendor(NamedTuple):
    """A vendor and what was bought of it: `api`, `seat` or `platform`."""

    vendor_id: str
    product_kind: str


class BillMatcher:
    """Ordered patterns a kind of text; seat before API, since a seat's descriptor often names the API vendor too."""

    def __init__(self, vendors: Iterable[Vendor]) -> None:
        entries = [
            (SEAT_FIRST.get(product, 9), vendor.id, kind, re.compile(pattern, re.IGNORECASE), product)
            for vendor in vendors
            for kind, pattern, product in vendor.billing
        ]
        self._entries = sorted(entries, key=lambda entry: (entry[0], entry[1]))
        self.match = lru_cache(maxsize=65_536)(self._match)

    def _match(self, kind: str, text: str) -> BillVendor | None:
        """The vendor of `text`, a `descriptor`, `merchant`, `service`, `provider`, `usage_type`, `operation` or
        `legal`; None where nothing matches. Names are tried as descriptors too.
        """
        if kind == "descriptor" and _COFFEE.match(text):
            return None
        words = _SPACES.sub(" ", _PREFIX.sub("", text)).strip()
        wanted = {kind, "descriptor"} if kind in {"merchant", "provider", "legal", "service"} else {kind}
        for _, vendor_id, entry_kind, pattern, product in self._entries:
            if entry_kind in wanted and pattern.search(words):
                return BillVendor(vendor_id, product)
        return None
