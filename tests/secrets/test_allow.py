"""Allow comments: where they count, and where text only looks like one."""

import pytest

from shadowscan.secrets.allow import allow_comment

VALUE = "VALUE"


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        (f"k = '{VALUE}'  # pragma: allowlist secret", "pragma: allowlist secret"),
        (f"k = '{VALUE}'  # pragma: whitelist secret", "pragma: whitelist secret"),
        (f"let k = '{VALUE}'; // pragma: allowlist secret\r", "pragma: allowlist secret"),
        (f"<a>{VALUE}</a> <!-- pragma: allowlist secret -->", "pragma: allowlist secret"),
        (f"k = '{VALUE}'  # gitleaks:allow", "gitleaks:allow"),
        (f"# pragma: allowlist nextline secret\nk = '{VALUE}'", "pragma: allowlist nextline secret"),
        (f"a = 1  # pragma: allowlist nextline secret\nk = '{VALUE}'", ""),
        (f"# pragma: allowlist secret\nk = '{VALUE}'", ""),
        (f"k = '{VALUE}'\n# pragma: allowlist secret", ""),
        (f"k = '{VALUE}'", ""),
    ],
)
def test_allow_comment_when_it_covers_the_line_then_its_words(text: str, comment: str) -> None:
    data = text.encode()
    assert allow_comment(data, data.index(VALUE.encode())) == comment
