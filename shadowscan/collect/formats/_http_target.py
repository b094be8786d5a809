"""Where an HTTP request went: to the server itself, or to a proxy that was told the server in the request (RFC 9112).

A CONNECT, and a target with a host in it, went to a proxy: the address beside it is the proxy's, not the server's.
Each function gives a SQL expression over two columns of our own.
"""

# Credentials before an `@` are no part of the host, and must reach no table.
_AUTHORITY = "'^(?:[A-Za-z][A-Za-z0-9+.-]*://)?(?:[^/?#@]*@)?([^/?#@]+)'"


def is_proxied(method: str, target: str) -> str:
    """Whether the request went to a proxy; null where the log has neither."""
    return rf"upper({method}) = 'CONNECT' or regexp_matches({target}, '^[A-Za-z][A-Za-z0-9+.-]*://')"


def asked_host(target: str) -> str:
    """The host, perhaps with its port, that a proxy was asked for."""
    return f"nullif(regexp_extract({target}, {_AUTHORITY}, 1), '')"


def asked_port(target: str) -> str:
    """The port that a proxy was asked for: the one written, else the scheme's."""
    written = f"try_cast(regexp_extract({asked_host(target)}, ':([0-9]+)$', 1) as integer)"
    return f"coalesce({written}, case when starts_with({target}, 'http:') then 80 else 443 end)"


def url_of(method: str, target: str) -> str:
    """The target where it has a path: that of a CONNECT is none."""
    return f"case when upper({method}) = 'CONNECT' then null else {target} end"
