"""Other vendors' secrets, as detect-secrets sees them, on candidate lines only."""

import string

from shadowscan.secrets.others import OtherSecrets
from tests.secrets.generate import make_text


def test_find_when_aws_key_then_kind_line_and_mask_without_the_value() -> None:
    value = "AK" + "IA" + make_text(string.ascii_uppercase + string.digits, 16)
    [found] = OtherSecrets().find(f"\nid = {value}\nother = 1\n".encode())
    assert (found.kind, found.vendor_id, found.line) == ("other_secret", "unknown", 2)
    assert found.secret.reveal().decode() == value
    assert value not in repr(found)


def test_find_when_no_candidate_line_then_detect_secrets_is_not_loaded() -> None:
    others = OtherSecrets()
    assert list(others.find(b"nothing here\n")) == []
    assert "_plugins" not in vars(others)
