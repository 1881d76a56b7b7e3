"""Tell: what people are told outside the app, by mail and by webhook.

Promises: what is told is owed as a job and told at least once; told again, after a worker that
died between the other server's yes and our note of it, it bears the same id, by which mail
servers and receivers know it. Somebody who left the team is told nothing, and what was said of a
ticket whose verdict waits for its blind read goes to its author alone.
"""

from claims.workflow.tell.digests import free_digest, owe_digests
from claims.workflow.tell.posts import try_hook
from claims.workflow.tell.sending import Send, keep_sent, plan_send
from claims.workflow.tell.wording import DID, say_told, say_who

__all__ = [
    "DID",
    "Send",
    "free_digest",
    "keep_sent",
    "owe_digests",
    "plan_send",
    "say_told",
    "say_who",
    "try_hook",
]
