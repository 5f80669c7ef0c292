"""The consultation's lock: shared by who votes or submits, exclusive for whatever changes what counts."""

from common.db import Lock, lock_exclusive, lock_shared


def share(consultation_id: int) -> None:
    """For a vote or a submission: holders do not wait for each other, only for who changes what counts."""
    lock_shared(Lock.CONSULTATION, consultation_id)


def take(consultation_id: int) -> None:
    """For closing, approving, holding, voiding, …: waits until every vote under way is committed."""
    lock_exclusive(Lock.CONSULTATION, consultation_id)
