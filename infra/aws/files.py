"""Files in a bucket."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from infra.file_names import sound_name

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class BucketFiles:
    """The Files port on S3; the bucket of infra/deploy/stack.yaml is private and encrypted."""

    def __init__(self, connect: "Callable[[], S3Client]", bucket: str) -> None:
        """Keep everything in `bucket`; `connect` is called when the first file is asked for.

        Most starts of the function never see a file, and a client takes 50 ms to make.
        """
        self._connect = connect
        self._bucket = bucket

    @cached_property
    def _client(self) -> "S3Client":
        return self._connect()

    def put(self, name: str, content: bytes) -> None:
        """Keep `content` under `name`, replacing what was there."""
        self._client.put_object(Bucket=self._bucket, Key=sound_name(name), Body=content)

    def get(self, name: str) -> bytes | None:
        """Return the content, or None where there is none."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=sound_name(name))
        except self._client.exceptions.NoSuchKey:
            return None
        return answer["Body"].read()

    def delete(self, name: str) -> None:
        """Forget the content; nothing happens where there is none."""
        self._client.delete_object(Bucket=self._bucket, Key=sound_name(name))
