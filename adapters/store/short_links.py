"""Links into a private bucket that end by themselves: for a person's browser, not for a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class ShortLinks:
    """Signs links to objects of one bucket. Nothing is sent; safe to share between threads."""

    def __init__(self, client: S3Client, bucket: str, seconds: int) -> None:
        """`client` speaks to the address under which the browser reaches the store. At most seven days (SigV4)."""
        self._client, self._bucket = client, bucket
        self.seconds = seconds

    def to(self, key: str, media_type: str) -> str:
        """A link that shows the object in the browser until it ends."""
        wanted = {"Bucket": self._bucket, "Key": key, "ResponseContentType": media_type}
        return self._client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=self.seconds)
