"""A key while it is in memory: it can be compared and masked, never shown."""

ELLIPSIS = "…"


class Secret:
    """Wraps the raw bytes of a key. `repr`, `str` and format give the mask; `reveal` is for this room only."""

    __slots__ = ("_raw", "mask")

    def __init__(self, raw: bytes, anchor: str) -> None:
        self._raw = raw
        self.mask = mask_key(raw, anchor)

    def reveal(self) -> bytes:
        """The raw key, for guards and the slow hash; never log, store or raise it."""
        return self._raw

    def __repr__(self) -> str:
        return f"Secret({self.mask})"

    def __str__(self) -> str:
        return self.mask

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._raw == other._raw

    def __hash__(self) -> int:
        return hash(self._raw)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")


def mask_key(raw: bytes, anchor: str) -> str:
    """Anchor where the key starts with it, `…`, and the last four characters."""
    text = raw.decode("ascii", "replace")
    start = anchor if anchor and text.startswith(anchor) else ""
    return f"{start}{ELLIPSIS}{text[-4:]}"
