"""The name a key goes by: a salted slow hash, the same in every store of one organization (CONTRACT section 4)."""

import hashlib

from shadowscan.secrets.secret import Secret

COST, BLOCK_SIZE, PARALLEL, LENGTH = 2**14, 8, 1, 16


class Identifier:
    """`key_id` of each distinct key, made once."""

    def __init__(self, organization: str) -> None:
        self._salt = f"shadowscan/1:{organization or 'unset'}".encode()
        self._known: dict[Secret, str] = {}

    def key_id(self, secret: Secret) -> str:
        """16 bytes hex of scrypt; about 50 ms for a key not met before."""
        if secret not in self._known:
            derived = hashlib.scrypt(
                secret.reveal(), salt=self._salt, n=COST, r=BLOCK_SIZE, p=PARALLEL, dklen=LENGTH, maxmem=2**26
            )
            self._known[secret] = derived.hex()
        return self._known[secret]
