"""Who may do what in each bucket, as S3 bucket policies, and putting them there.

Least means: the office can only put files into the inbox; Fuwen cannot put into the inbox, cannot delete an original
from the vault, and cannot delete what it published, only what is derived from it; the world can read the objects of the
public bucket whose keys it knows, and cannot list it. No account but root can change a policy.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

Policy = dict[str, Any]

_LOOK = ("s3:ListBucket", "s3:GetBucketLocation", "s3:GetBucketVersioning")
_READ = ("s3:GetObject", "s3:GetObjectVersion")
_WRITE = ("s3:PutObject", "s3:AbortMultipartUpload")
_DELETE = ("s3:DeleteObject", "s3:DeleteObjectVersion")
_DERIVED = (
    "catalogue/*",
    "r/*",
    "search/*",
    "digests/*",
    "feed/*",
    "sitemap*",
    "changelist.xml",
    ".well-known/resourcesync",
    "robots.txt",
)
_PROBE = ".fuwen-probe/*"
"""Where a probe tries what the bucket keeps; it removes what it wrote."""


def bucket_policies(buckets: Mapping[str, str], accounts: Mapping[str, str]) -> dict[str, Policy]:
    """The policy of each bucket. `buckets` names `inbox`, `vault`, `public`; `accounts` those, `office`, `withdraw`."""
    inbox, vault, public = (buckets[which] for which in ("inbox", "vault", "public"))
    return {
        inbox: _policy(
            inbox,
            # A file is cleared from the inbox once the vault has been read back.
            (accounts["inbox"], _LOOK, None),
            (accounts["inbox"], (*_READ, *_DELETE), ("*",)),
            (accounts["inbox"], _WRITE, (_PROBE,)),
            (accounts["office"], _WRITE, ("*",)),
        ),
        vault: _policy(
            vault,
            (accounts["vault"], _LOOK, None),
            (accounts["vault"], (*_READ, *_WRITE), ("*",)),
            (accounts["vault"], _DELETE, ("open/*", "open-withdrawals/*", _PROBE)),
        ),
        public: _policy(
            public,
            (accounts["public"], _LOOK, None),
            (accounts["public"], (*_READ, *_WRITE), ("*",)),
            # Only what can be made again from the log and the manifests, and tiles that a greater one has replaced.
            (accounts["public"], _DELETE, (*_DERIVED, "tile/*.p/*", _PROBE)),
            # Whoever takes a reply down: a person's credential, given to no service.
            (accounts["withdraw"], (*_LOOK, "s3:ListBucketVersions"), None),
            (accounts["withdraw"], (*_READ, *_DELETE), ("doc/*", *_DERIVED)),
            ("*", ("s3:GetObject",), ("*",)),
        ),
    }


def _policy(bucket: str, *rules: tuple[str, Sequence[str], Sequence[str] | None]) -> Policy:
    """Rules of (account, actions, key patterns); None for actions on the bucket itself."""
    arn = f"arn:aws:s3:::{bucket}"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": f"rule{number}",
                "Effect": "Allow",
                # VersityGW knows an account by its access key alone; `*` must stand alone.
                "Principal": {"AWS": [account]} if account != "*" else "*",
                "Action": list(actions),
                "Resource": [arn] if keys is None else [f"{arn}/{key}" for key in keys],
            }
            for number, (account, actions, keys) in enumerate(rules, start=1)
        ],
    }


def main() -> int:
    """Put the policies with the root account; 0 if all are there, 1 with one plain sentence if not."""
    which = ("inbox", "vault", "public")
    buckets = {name: os.environ[f"FUWEN_{name.upper()}_BUCKET"] for name in which}
    accounts = {name: os.environ[f"{name.upper()}_ACCESS_KEY"] for name in (*which, "office", "withdraw")}
    client = boto3.client(
        "s3",
        endpoint_url=os.environ["FUWEN_S3_ENDPOINT_URL"],
        aws_access_key_id=os.environ["FUWEN_S3_ACCESS_KEY"],
        aws_secret_access_key=os.environ["FUWEN_S3_SECRET_KEY"],
        region_name=os.environ["FUWEN_S3_REGION"],
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
    for bucket, policy in bucket_policies(buckets, accounts).items():
        wanted = json.dumps(policy, sort_keys=True)
        try:
            client.put_bucket_policy(Bucket=bucket, Policy=wanted)
            kept = json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"])
        except (BotoCoreError, ClientError) as error:
            sys.stderr.write(f"{bucket}: the policy was refused ({type(error).__name__}: {error})\n")
            return 1
        # Some servers answer politely and keep nothing.
        if kept != policy:
            sys.stderr.write(f"{bucket}: the store keeps another policy than it was given\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
