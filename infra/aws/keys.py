"""Data keys, wrapped by a master key that never leaves KMS."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_NOT_OURS = frozenset(
    {"InvalidCiphertextException", "IncorrectKeyException", "ValidationException"}
)


class KmsKeys:
    """The Keys port on KMS; the context is the wrapping's encryption context."""

    def __init__(self, client: "KMSClient", key: str) -> None:
        """Wrap with the KMS key `key` (its ARN, id or alias)."""
        self._client = client
        self._key = key

    def new(self, context: str) -> tuple[bytes, bytes]:
        """Return a fresh 32-byte data key and its wrapping, bound to `context`."""
        answer = self._client.generate_data_key(
            KeyId=self._key, KeySpec="AES_256", EncryptionContext={"kehou": context}
        )
        return answer["Plaintext"], answer["CiphertextBlob"]

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """Return the data key; raise ValueError for another context or a damaged wrapping."""
        if not wrapped:
            raise ValueError("not a data key wrapped here")
        try:
            answer = self._client.decrypt(
                KeyId=self._key, CiphertextBlob=wrapped, EncryptionContext={"kehou": context}
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_OURS:
                raise ValueError("a data key of another context, another key or damaged") from None
            raise
        return answer["Plaintext"]
