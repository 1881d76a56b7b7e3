"""Full-text indexes over rationales and quotes, built while people go on writing."""

import django.contrib.postgres.search
import django.db.models.functions.text
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


def words_of(column: str) -> django.contrib.postgres.search.SearchVector:
    text = django.db.models.functions.text.Left(column, 200000)
    return django.contrib.postgres.search.SearchVector(text, config="english")


class Migration(migrations.Migration):
    # An index that is built beside the work cannot be part of a transaction.
    atomic = False

    dependencies = [("claims", "0028_list_views")]

    operations = [
        AddIndexConcurrently(
            model_name="verdict",
            index=GinIndex(words_of("rationale"), name="verdict_rationale_words"),
        ),
        AddIndexConcurrently(
            model_name="passage",
            index=GinIndex(words_of("quote"), name="passage_quote_words"),
        ),
    ]
