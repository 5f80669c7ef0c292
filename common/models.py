"""What every table has."""

import uuid

from django.db import models
from django.db.models.functions import Now


class Created(models.Model):
    """A row that knows when it was written, by the database's clock."""

    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True


class Public(Created):
    """A row whose key is seen outside: random, because a time inside a key tells when somebody wrote."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True
