"""What every address answers, by who asks. One line per address and method, to be read aloud.

The row that an address names belongs to the team of the last four but one.
``login`` is the way to the sign-in page; the words stand for numbers below.
POSTs are sent without a single field.
"""

from __future__ import annotations

from tests.admin.matrix.walking import Route

WHO = (
    "anonymous", "nobody", "other_reviewer", "other_lead",
    "contributor", "reviewer", "lead", "admin",
)  # fmt: skip
METHODS = ("get", "post")
# ``up`` depends on the machine: a stack without workers is not well.
WORDS = {
    "login": {302}, "ok": {200}, "go": {302}, "no": {403}, "none": {404}, "how": {405},
    "bad": {400}, "late": {409}, "mend": {422}, "up": {200, 503},
}  # fmt: skip
# Read and never written here; a job is the same for leads alone.
SHEETS = (
    "article", "claim", "page", "search", "snapshot", "verdict", "ticket", "factcheck",
    "moneytable",
)  # fmt: skip
ROWS = (*SHEETS, "source", "team", "assignmentrule")
NOUNS = (*ROWS, "job", "ratingscale", "provider")
ACTS = (
    "take", "release", "decide", "confirm", "send-back", "publish", "correct", "close", "gather",
    "frame", "frame-back", "number", "number-add", "number-strike", "stance", "draft", "renew",
    "retry", "origin", "outcome", "match", "page", "preview", "copy",
    "bearing", "period", "fact-check",
    "skip", "hand-over", "priority", "due", "tags", "comment", "settle", "here", "comment-draft",
    "split", "reopen", "read-blind", "edit", "add-url", "add-file", "add-quote", "passage",
    "withdraw",
)  # fmt: skip
MARKS = ("make", "drop", "restore", "ends")

#                                             anony nobody rev.  lead   contr rev.  lead  admin
# Doors of the site
TABLE: list[tuple[str, str, str]] = [
    ("get post", "healthz",                  "up    up    up    up     up    up    up    up"),
    ("get post", "",                         "go    go    go    go     go    go    go    go"),
    ("get",      "admin/login/",             "ok    go    go    go     go    go    go    go"),
    ("post",     "admin/login/",             "ok    ok    ok    ok     ok    ok    ok    ok"),
    ("get",      "admin/logout/",            "go    how   how   how    how   how   how   how"),
    ("post",     "admin/logout/",            "go    ok    ok    ok     ok    ok    ok    ok"),
    ("get post", "admin/",                   "login ok    ok    ok     ok    ok    ok    ok"),
    ("get post", "admin/search/",            "login ok    ok    ok     ok    ok    ok    ok"),
    ("get post", "admin/add/",               "login no    ok    ok     ok    ok    ok    ok"),
    ("get",      "admin/add/claims/",        "login no    ok    ok     ok    ok    ok    ok"),
    ("post",     "admin/add/claims/",        "login no    bad   bad    bad   bad   bad   bad"),
    ("get post", "admin/add/claims/template.csv", "login no ok  ok     ok    ok    ok    ok"),
    ("get post", "admin/export/",            "login no    ok    ok     ok    ok    ok    ok"),
    ("get post", "admin/corrections/",       "login no    ok    ok     ok    ok    ok    ok"),
    ("get post", "admin/corrections/corrections.csv", "login no ok ok ok    ok    ok    ok"),
    ("get post", "admin/first-team/",        "login no    no    no     no    no    no    go"),
    ("get",      "admin/figures/",           "login no    no    ok     no    no    ok    ok"),
    ("post",     "admin/figures/",           "login how   how   how    how   how   how   how"),
    ("get post", "admin/record/",            "login no    no    ok     no    no    ok    ok"),
    ("get",      "admin/export/prepare/",    "login no    go    go     go    go    go    go"),
    ("post",     "admin/export/prepare/",    "login no    mend  mend   mend  mend  mend  mend"),
    ("get",      "admin/under-way/",              "login no    ok    ok     ok    ok    ok    ok"),
    ("post",     "admin/under-way/",              "login no    no    no     no    no    no    no"),
    ("get",      "admin/under-way/<int:errand_id>/cancel/",
                                             "login none  none  none   go    go    go    go"),
    ("post",     "admin/under-way/<int:errand_id>/cancel/",
                                             "login none  none  none   no    no    go    go"),
    ("get",      "admin/under-way/<int:errand_id>/file/",
                                             "login none  none  none   none  none  none  none"),
    ("post",     "admin/under-way/<int:errand_id>/file/",
                                             "login how   how   how    how   how   how   how"),
    ("get post", "admin/export/verdicts.csv", "login no   ok    ok     ok    ok    ok    ok"),
    ("get post", "admin/password_change/",   "login ok    ok    ok     ok    ok    ok    ok"),
    ("get",      "admin/password_change/done/", "login ok ok    ok     ok    ok    ok    ok"),
    ("post",     "admin/password_change/done/", "login how how  how    how   how   how   how"),
    ("get",      "admin/autocomplete/",      "login no    no    no     no    no    no    no"),
    ("post",     "admin/autocomplete/",      "login how   how   how    how   how   how   how"),
    ("get",      "admin/jsi18n/",            "login ok    ok    ok     ok    ok    ok    ok"),
    ("post",     "admin/jsi18n/",            "login how   how   how    how   how   how   how"),
    ("get post", "admin/^(?P<app_label>claims|auth)/$",
                                             "login go    go    go     go    go    go    go"),
    ("get post", "admin/(?P<url>.*)$",       "login none  none  none   none  none  none  none"),
    # Lists
    *(("get post", f"admin/claims/{noun}/",  "login no    ok    ok     ok    ok    ok    ok")
      for noun in (*ROWS, "ratingscale")),
    ("get post", "admin/claims/job/",        "login no    no    ok     no    no    ok    ok"),
    ("get post", "admin/claims/provider/",   "login no    no    no     no    no    no    ok"),
    ("get post", "admin/claims/verdict/listed.csv", "login no ok ok    ok    ok    ok    ok"),
    # New rows
    *(("get post", f"admin/claims/{noun}/add/", "login no no    no     no    no    no    no")
      for noun in ("claim", "page", "search", "snapshot", "verdict", "ticket", "job", "provider",
                   "factcheck", "moneytable")),
    ("get post", "admin/claims/article/add/", "login go   go    go     go    go    go    go"),
    ("get post", "admin/claims/source/add/", "login no    ok    ok     no    ok    ok    ok"),
    ("get post", "admin/claims/assignmentrule/add/", "login no no ok     no    no    ok    ok"),
    ("get post", "admin/claims/team/add/",   "login no    no    no     no    no    no    ok"),
    ("get post", "admin/claims/ratingscale/add/", "login no no  no     no    no    no    ok"),
    # A row by its bare number: the same answer whether it exists or not
    *(("get post", f"admin/claims/{noun}/<path:object_id>/",
                                             "login go    go    go     go    go    go    go")
      for noun in NOUNS),
    # One row
    *(("get",      f"admin/claims/{noun}/<path:object_id>/change/",
                                             "login none  none  none   ok    ok    ok    ok")
      for noun in ROWS),
    *(("post",     f"admin/claims/{noun}/<path:object_id>/change/",
                                             "login none  none  none   no    no    no    no")
      for noun in SHEETS),
    ("post",     "admin/claims/source/<path:object_id>/change/",
                                             "login none  none  none   no    ok    ok    ok"),
    ("post",     "admin/claims/team/<path:object_id>/change/",
                                             "login none  none  none   no    no    ok    ok"),
    ("post",     "admin/claims/assignmentrule/<path:object_id>/change/",
                                             "login none  none  none   no    no    ok    ok"),
    ("get",      "admin/claims/job/<path:object_id>/change/",
                                             "login none  none  none   none  none  ok    ok"),
    ("post",     "admin/claims/job/<path:object_id>/change/",
                                             "login none  none  none   none  none  no    no"),
    ("get",      "admin/claims/ratingscale/<path:object_id>/change/",
                                             "login none  ok    ok     ok    ok    ok    ok"),
    ("post",     "admin/claims/ratingscale/<path:object_id>/change/",
                                             "login none  no    no     no    no    no    ok"),
    *(("get post", f"admin/claims/{noun}/<path:object_id>/delete/",
                                             "login none  none  none   no    no    no    no")
      for noun in ROWS if noun not in ("assignmentrule", "moneytable")),
    ("get",      "admin/claims/assignmentrule/<path:object_id>/delete/",
                                             "login none  none  none   no    no    ok    ok"),
    ("post",     "admin/claims/assignmentrule/<path:object_id>/delete/",
                                             "login none  none  none   no    no    ok    ok"),
    ("get",      "admin/claims/assignmentrule/preview/",
                                             "login how   how   how    how   how   how   how"),
    ("post",     "admin/claims/assignmentrule/preview/",
                                             "login no    no    mend   no    no    mend  mend"),
    ("get",      "admin/claims/moneytable/<path:object_id>/delete/",
                                             "login none  none  none   no    no    ok    ok"),
    ("post",     "admin/claims/moneytable/<path:object_id>/delete/",
                                             "login none  none  none   no    no    ok    ok"),
    ("get post", "admin/claims/job/<path:object_id>/delete/",
                                             "login none  none  none   none  none  no    no"),
    ("get post", "admin/claims/ratingscale/<path:object_id>/delete/",
                                             "login none  no    no     no    no    no    no"),
    *(("get post", f"admin/claims/{noun}/<path:object_id>/history/",
                                             "login none  none  none   ok    ok    ok    ok")
      for noun in ROWS if noun != "ticket"),
    ("get post", "admin/claims/ticket/<path:object_id>/history/",
                                             "login none  none  none   go    go    go    go"),
    ("get post", "admin/claims/job/<path:object_id>/history/",
                                             "login none  none  none   none  none  ok    ok"),
    ("get post", "admin/claims/ratingscale/<path:object_id>/history/",
                                             "login none  ok    ok     ok    ok    ok    ok"),
    *(("get post", f"admin/claims/provider/<path:object_id>/{page}/",
                                             "login none  none  none   none  none  none  ok")
      for page in ("change", "history")),
    ("get post", "admin/claims/provider/<path:object_id>/delete/",
                                             "login none  none  none   none  none  none  no"),
    # What is done with a row
    ("get post", "admin/claims/provider/<int:provider_id>/test/",
                                             "login none  none  none   none  none  none  go"),
    ("get",      "admin/add/claims/<int:import_id>/",
                                             "login none  none  none   ok    ok    ok    ok"),
    ("post",     "admin/add/claims/<int:import_id>/",
                                             "login none  none  none   bad   bad   bad   bad"),
    ("get post", "admin/claims/article/<int:article_id>/state/",
                                             "login none  none  none   ok    ok    ok    ok"),
    ("get post", "admin/claims/article/<int:article_id>/again/",
                                             "login none  none  none   go    go    go    go"),
    ("get",      "admin/claims/article/<int:article_id>/changes/",
                                             "login none  none  none   ok    ok    ok    ok"),
    ("post",     "admin/claims/article/<int:article_id>/changes/",
                                             "login none  none  none   how   how   how   how"),
    *(("get",      f"admin/claims/article/<int:article_id>/{act}/",
                                             "login none  none  none   go    go    go    go")
      for act in MARKS),
    *(("post",     f"admin/claims/article/<int:article_id>/{act}/",
                                             "login none  none  none   mend  mend  mend  mend")
      for act in MARKS),
    # To its sheet: what is planted as a copy's type is no page.
    ("get",      "admin/claims/snapshot/<int:snapshot_id>/page/",
                                             "login none  none  none   go    go    go    go"),
    ("post",     "admin/claims/snapshot/<int:snapshot_id>/page/",
                                             "login none  none  none   how   how   how   how"),
    ("get",      "admin/claims/snapshot/<int:snapshot_id>/delete-body/",
                                             "login none  none  none   no    no    ok    ok"),
    ("post",     "admin/claims/snapshot/<int:snapshot_id>/delete-body/",
                                             "login none  none  none   no    no    mend  mend"),
    ("get",      "admin/claims/factcheck/import/", "login no  ok  ok     no    ok    ok    ok"),
    ("post",     "admin/claims/factcheck/import/", "login no  mend mend  no    mend  mend  mend"),
    ("get",      "admin/claims/moneytable/load/", "login no   no    ok     no    no    ok    ok"),
    ("post",     "admin/claims/moneytable/load/", "login no   no    mend   no    no    mend  mend"),
    ("get",      "admin/claims/page/import-warc/", "login no  no    ok     no    no    ok    ok"),
    ("post",     "admin/claims/page/import-warc/", "login no  no    mend   no    no    mend  mend"),
    ("get",      "admin/claims/page/<int:page_id>/copies.warc.gz",
                                             "login none  none  none   ok    ok    ok    ok"),
    ("post",     "admin/claims/page/<int:page_id>/copies.warc.gz",
                                             "login none  none  none   how   how   how   how"),
    ("get",      "admin/claims/page/<int:page_id>/as-was/",
                                             "login none  none  none   no    ok    ok    ok"),
    ("post",     "admin/claims/page/<int:page_id>/as-was/",
                                             "login none  none  none   no    mend  mend  mend"),
    ("get",      "admin/claims/page/<int:page_id>/compare/",
                                             "login none  none  none   ok    ok    ok    ok"),
    ("post",     "admin/claims/page/<int:page_id>/compare/",
                                             "login none  none  none   how   how   how   how"),
    ("get post", "admin/claims/claim/<int:claim_id>/open/",
                                             "login none  none  none   go    go    go    go"),
    ("get post", "admin/claims/job/<int:job_id>/retry/",
                                             "login none  none  none   no    no    go    go"),
    ("get",      "admin/claims/ticket/give-out/", "login no no ok    no    no    ok    ok"),
    ("post",     "admin/claims/ticket/give-out/", "login no no mend  no    no    mend  mend"),
    ("get",      "admin/lists/",             "login no    ok    ok     ok    ok    ok    ok"),
    ("post",     "admin/lists/",             "login no    go    go     go    go    go    go"),
    ("get",      "admin/notices/",           "login no    ok    ok     ok    ok    ok    ok"),
    ("post",     "admin/notices/",           "login no    go    go     go    go    go    go"),
    ("get",      "admin/notices/ways/",      "login no    ok    ok     ok    ok    ok    ok"),
    ("post",     "admin/notices/ways/",      "login no    go    go     go    go    go    go"),
    ("get",      "admin/webhook/",           "login no    no    ok     no    no    ok    ok"),
    ("post",     "admin/webhook/",           "login no    no    none   no    no    none  none"),
    *(("post",     f"admin/claims/ticket/<int:ticket_id>/{act}/",
                                             "login none  none  none   mend  mend  mend  mend")
      for act in ("comment", "settle")),
    ("post",     "admin/claims/ticket/<int:ticket_id>/comment-draft/",
                                             "login none  none  none   ok    ok    ok    ok"),
    ("post",     "admin/claims/ticket/<int:ticket_id>/here/",
                                             "login none  none  none   ok    ok    ok    ok"),
    ("get post", "admin/claims/ticket/undo/", "login go  go    go     go    go    go    go"),
    ("get",      "admin/claims/ticket/rate/", "login no   no    ok     no    no    ok    ok"),
    ("post",     "admin/claims/ticket/rate/", "login no   no    none   no    no    none  none"),
    ("get",      "admin/claims/ticket/workload/", "login no no  ok     no    no    ok    ok"),
    ("post",     "admin/claims/ticket/workload/", "login no no  none   no    no    none  none"),
    ("get",      "admin/claims/ticket/take-next/",
                                             "login go    go    go     go    go    go    go"),
    ("post",     "admin/claims/ticket/take-next/",
                                             "login no    go    go     no    go    go    go"),
    ("get",      "admin/claims/ticket/<int:ticket_id>/state/",
                                             "login none  none  none   ok    ok    ok    ok"),
    ("post",     "admin/claims/ticket/<int:ticket_id>/state/",
                                             "login none  none  none   how   how   how   how"),
    ("get",      "admin/claims/ticket/<int:ticket_id>/sources/",
                                             "login none  none  none   ok    ok    ok    ok"),
    ("post",     "admin/claims/ticket/<int:ticket_id>/sources/",
                                             "login none  none  none   how   how   how   how"),
    *(("get",      f"admin/claims/ticket/<int:ticket_id>/{act}/",
                                             "login none  none  none   go    go    go    go")
      for act in ACTS),
    *(("post",     f"admin/claims/ticket/<int:ticket_id>/{act}/",
                                             "login none  none  none   no    mend  mend  mend")
      for act in ("add-url", "add-file", "add-quote", "passage", "decide", "read-blind",
                  "edit", "confirm", "send-back", "correct", "close",
                  "stance", "page", "match",
                  "copy", "bearing", "period", "fact-check", "origin", "outcome", "frame-back",
                  "number", "number-add", "number-strike", "skip", "hand-over", "split",
                  "reopen")),
    *(("post",     f"admin/claims/ticket/<int:ticket_id>/{act}/",
                                             "login none  none  none   no    go    go    go")
      for act in ("take", "gather", "frame", "renew", "retry", "due", "tags")),
    ("post",     "admin/claims/ticket/<int:ticket_id>/priority/",
                                             "login none  none  none   no    no    go    go"),
    ("post",     "admin/claims/ticket/<int:ticket_id>/withdraw/",
                                             "login none  none  none   no    no    mend  mend"),
    *(("post",     f"admin/claims/ticket/<int:ticket_id>/{act}/",
                                             "login none  none  none   no    ok    ok    ok")
      for act in ("draft", "preview")),
    ("post",     "admin/claims/ticket/<int:ticket_id>/release/",
                                             "login none  none  none   no    late  late  late"),
    ("post",     "admin/claims/ticket/<int:ticket_id>/publish/",
                                             "login none  none  none   no    no    mend  mend"),
    # Accounts
    *(("get post", f"admin/auth/user/{page}", "login no   no    no     no    no    no    ok")
      for page in ("", "add/", "<id>/password/", "<path:object_id>/change/",
                   "<path:object_id>/history/", "<path:object_id>/delete/")),
    ("get post", "admin/auth/user/<path:object_id>/",
                                             "login go    go    go     go    go    go    go"),
]  # fmt: skip


def read_rules() -> dict[tuple[str, str], dict[str, str]]:
    """``(method, pattern)`` → who → word."""
    rules = {}
    for methods, pattern, words in TABLE:
        for method in methods.split():
            rules[method, pattern] = dict(zip(WHO, words.split(), strict=True))
    return rules


def list_unruled(routes: list[Route]) -> list[str]:
    """Addresses of the site that no line of the table speaks of."""
    rules = read_rules()
    return [
        f"{method} {route.pattern}"
        for route in routes
        for method in METHODS
        if (method, route.pattern) not in rules
    ]


def is_as_ruled(word: str, status: int, location: str) -> bool:
    """Whether an answer is the one of the table."""
    return status in WORDS[word] and (word == "login") == ("/admin/login/" in location)
