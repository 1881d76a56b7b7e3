"""Ingest: bring an article, a URL or a single claim through the door, whole or not at all.

Promises: what cannot be read is refused with the field and the cure; the same
article twice (by digest or by canonical URL) is the same row; the detect job
is owed in the transaction that stores the text. Refuses to fetch by itself:
a URL becomes a job for the guarded client.
"""

from claims.workflow.ingest.articles import Ingested, find_known, ingest_text
from claims.workflow.ingest.changed import is_asked_again, read_again
from claims.workflow.ingest.checking import (
    MAX_ARTICLE_CHARS,
    MAX_CLAIM_CHARS,
    IngestRefused,
    check_text,
    check_url,
)
from claims.workflow.ingest.fetched import (
    await_stand_in,
    fail_article,
    ingest_url,
    keep_fetched_article,
)
from claims.workflow.ingest.single_claims import ingest_claim
from claims.workflow.ingest.uploads import (
    MAX_UPLOAD_BYTES,
    PLAIN_TYPES,
    READ_HERE,
    ReadUpload,
    check_size,
    decode_upload,
    ingest_upload,
    keep_upload,
    read_upload,
)

__all__ = [
    "MAX_ARTICLE_CHARS",
    "MAX_CLAIM_CHARS",
    "MAX_UPLOAD_BYTES",
    "PLAIN_TYPES",
    "READ_HERE",
    "IngestRefused",
    "Ingested",
    "ReadUpload",
    "await_stand_in",
    "check_size",
    "check_text",
    "check_url",
    "decode_upload",
    "fail_article",
    "find_known",
    "ingest_claim",
    "ingest_text",
    "ingest_upload",
    "ingest_url",
    "is_asked_again",
    "keep_fetched_article",
    "keep_upload",
    "read_again",
    "read_upload",
]
