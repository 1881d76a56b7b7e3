"""Every query of a ticket names its team, and is found by it; built while people go on writing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

FILL = """
UPDATE claims_search AS search SET team_id = ticket.team_id
FROM claims_ticket AS ticket WHERE ticket.id = search.ticket_id AND search.team_id IS NULL
"""


class Migration(migrations.Migration):
    # An index that is built beside the work cannot be part of a transaction.
    atomic = False

    dependencies = [("claims", "0019_searches_of_pages")]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="search",
            constraint=models.CheckConstraint(
                condition=models.Q(("page__isnull", True), ("ticket__isnull", True))
                | models.Q(("team__isnull", False)),
                name="search_of_a_ticket_has_a_team",
            ),
        ),
        AddIndexConcurrently(
            model_name="search",
            index=models.Index(fields=["team", "id"], name="search_of_team"),
        ),
    ]
