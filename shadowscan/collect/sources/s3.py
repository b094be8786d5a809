"""Amazon S3 and what speaks its protocol: `s3://bucket/prefix`.

Permissions: `s3:ListBucket` on the bucket, `s3:GetObject` on the prefix; `kms:Decrypt` where objects are encrypted so.
Credentials and region come as for every AWS tool; `AWS_ENDPOINT_URL` names another endpoint.
"""

import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shadowscan.collect.sources.interface import RemoteObject
from shadowscan.errors import BadInputError, TargetError
from shadowscan.model.window import Window

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

SCHEME = "s3://"
MAX_ATTEMPTS = 8  # standard mode backs off on throttling (SlowDown, 503) between attempts
CHUNK_BYTES = 1 << 20
ABSENT = frozenset({"NoSuchBucket", "NoSuchKey", "404"})


class S3Source:
    """Objects below a prefix, in key order."""

    id = "s3"

    def accepts(self, target: str) -> bool:
        """`s3://…`."""
        return target.startswith(SCHEME)

    def list_objects(self, target: str, window: Window, options: Mapping[str, str]) -> Iterator[RemoteObject]:
        """Pages of `list_objects_v2`; the version is etag and size. Raises `TargetError` where nothing is there."""
        from botocore.exceptions import BotoCoreError, ClientError

        bucket, prefix = _split(target)
        empty = True
        try:
            for page in _client(_endpoint()).get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
                for found in page.get("Contents", []):
                    if found["Key"].endswith("/") and not found["Size"]:
                        continue  # a folder made by a console
                    empty = False
                    version = f"{found['ETag'].strip(chr(34))}:{found['Size']}"
                    name = f"{SCHEME}{bucket}/{found['Key']}"
                    yield RemoteObject(name, version, found["Size"], found["LastModified"])
        except ClientError as error:
            raise _listing_error(target, error) from error
        except BotoCoreError as error:
            raise BadInputError(f"{target}: {error}", hint="check credentials, region and endpoint") from error
        if empty:
            raise TargetError(f"there is no object below {target}", hint="check bucket and prefix")

    def fetch(self, target: str, item: RemoteObject, folder: Path, options: Mapping[str, str]) -> Path:
        """Get the very version that was listed; one that changed meanwhile is refused, not mixed."""
        from botocore.exceptions import BotoCoreError, ClientError

        bucket, key = _split(item.name)
        etag = item.version.rpartition(":")[0]
        path = folder / "s3-object"
        try:
            body = _client(_endpoint()).get_object(Bucket=bucket, Key=key, IfMatch=f'"{etag}"')["Body"]
            with path.open("wb") as out:
                for chunk in body.iter_chunks(CHUNK_BYTES):
                    out.write(chunk)
        except ClientError as error:
            raise _reading_error(item.name, error) from error
        except BotoCoreError as error:
            raise BadInputError(f"{item.name}: {error}", hint="run again; what was read is kept") from error
        return path.rename(folder / f"s3-{abs(hash(item.name)):x}")


SOURCE = S3Source()


def _split(target: str) -> tuple[str, str]:
    bucket, _, key = target.removeprefix(SCHEME).partition("/")
    return bucket, key


def _endpoint() -> str:
    return os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""


@cache
def _client(endpoint: str) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(
        retries={"mode": "standard", "max_attempts": MAX_ATTEMPTS},
        # Another endpoint seldom has a name for each bucket, so the bucket goes into the path there.
        s3={"addressing_style": "path" if endpoint else "auto"},
    )
    return boto3.client("s3", endpoint_url=endpoint or None, config=config)


def _listing_error(target: str, error: "ClientError") -> TargetError | BadInputError:
    code = str(error.response.get("Error", {}).get("Code", ""))
    if code in ABSENT:
        return TargetError(f"{target} does not exist", hint="check the bucket's name")
    return BadInputError(f"{target} cannot be listed: {code}", hint="s3:ListBucket is needed on the bucket")


def _reading_error(name: str, error: "ClientError") -> BadInputError:
    code = str(error.response.get("Error", {}).get("Code", ""))
    if code in ("PreconditionFailed", "412"):
        return BadInputError(f"{name} changed while it was read", hint="run again")
    return BadInputError(f"{name} cannot be read: {code}", hint="s3:GetObject is needed, and kms:Decrypt if encrypted")
