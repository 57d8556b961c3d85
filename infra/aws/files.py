"""Files in a bucket."""

from typing import TYPE_CHECKING

from infra.file_names import sound_name

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class BucketFiles:
    """The Files port on S3; the bucket of infra/deploy/stack.yaml is private and encrypted."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        """Keep everything in `bucket`."""
        self._client = client
        self._bucket = bucket

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
