"""The statements that fill an empty workbench: the server makes the rows from hashes.

Promises one statement or more for each step, in the order in which rows lean on each other; names
in braces are put in by :mod:`benchmarks.speed.scale_fill`. Refuses ticket events: their digests
are the product's.
"""

from __future__ import annotations

FUNCTIONS = """
CREATE FUNCTION pg_temp.u(i bigint, salt bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS
  $$ SELECT (hashint8extended(i, salt) & 9007199254740991) / 9007199254740992.0 $$;
CREATE FUNCTION pg_temp.word(x float8) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT (ARRAY['ba','ce','di','fo','gu','ha','je','ki','lo','mu','na','pe','qui','ro','su','ta',
    've','wi','xo','zu'])[1 + (k % 20)] || (ARRAY['lan','mer','nis','por','ril','sot','tum','van',
    'wek','xim','bor','cal','dun','fen','gor','hal','jin','kor','lum','mat'])[1 + (k / 20 % 20)]
    || (ARRAY['','a','e','is','or','um','en','al','ic','ous','ing','ed','er','est','ly','tion',
    'ment','ness','ful','less'])[1 + (k / 400)] FROM (SELECT floor(8000 * x * x * x)::int) AS f(k)
  $$;
CREATE FUNCTION pg_temp.words(i bigint, n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT string_agg(pg_temp.word(pg_temp.u(i * 64 + j, 7)), ' ') FROM generate_series(1, n) AS j
  $$;
CREATE FUNCTION pg_temp.team(a bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN a = 1 THEN 1 WHEN a % 199 = 7 THEN 12
    ELSE 1 + floor(11 * power(pg_temp.u(a, 1), 3))::bigint END $$;
CREATE FUNCTION pg_temp.article(i bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN i <= {big} THEN 1 ELSE (i - 1) / {per} + 1 END $$;
CREATE FUNCTION pg_temp.at(i bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
  SELECT timestamptz '{now}' - interval '2 years' * (1 - i / {n}.0) $$;
CREATE FUNCTION pg_temp.state(i bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN x < .16 THEN 'published' WHEN x < .20 THEN 'decided' WHEN x < .204
    THEN 'in_review' WHEN x < .344 THEN 'ready' WHEN x < .354 THEN 'gathering'
    WHEN x < .356 THEN 'open' ELSE 'closed' END FROM (SELECT pg_temp.u(i, 2)) AS f(x) $$;
CREATE FUNCTION pg_temp.sha(given text) RETURNS text LANGUAGE sql IMMUTABLE AS
  $$ SELECT encode(sha256(given::bytea), 'hex') $$;
CREATE TEMP TABLE paragraph AS SELECT g AS id, initcap(pg_temp.words(90000000 + g, 60)) || '. '
  || 'About ' || g || ' tonnes. ' AS text FROM generate_series(1, 500) AS g;
CREATE UNIQUE INDEX ON paragraph (id); ANALYZE paragraph;
"""

# Reviewers of team t have the ids 10 t + 1 … 10 t + 3, its lead 10 t, a contributor 10 t + 4.
STEPS: tuple[tuple[str, str], ...] = (
    (
        "people and teams",
        """
INSERT INTO claims_ratingscale (id, name, slug, description)
  SELECT 9000, 'Scale of the benchmark', 'scale-of-the-benchmark', '';
INSERT INTO claims_rating (id, scale_id, position, value, label, definition, colour, is_retired)
  SELECT 9000 + g, 9000, g, g, (ARRAY['False','Mostly false','Mixed','Mostly true','True'])[g],
    '', '#64748b', false FROM generate_series(1, 5) AS g;
INSERT INTO claims_team (id, name, slug, scale_id, claim_threshold, ticket_cap, confirmation,
    reservation_minutes, created_at, weekdays)
  SELECT t, 'Desk ' || t, 'desk-' || t, 9000, .5, 15, 'other_reviewer', 45, pg_temp.at(0),
    '{1,2,3,4,5}'
  FROM generate_series(1, {teams}) AS t;
INSERT INTO auth_user (id, username, first_name, last_name, email, password, is_superuser,
    is_staff, is_active, date_joined)
  SELECT t * 10 + k, 'person' || (t * 10 + k), 'Person', (t * 10 + k)::text, '', '!', false, true,
    true, pg_temp.at(0) FROM generate_series(1, {teams}) AS t, generate_series(0, 4) AS k;
INSERT INTO auth_user (id, username, first_name, last_name, email, password, is_superuser,
    is_staff, is_active, date_joined) VALUES
  (1, 'boss', '', '', '', '!', true, true, true, pg_temp.at(0)),
  (2, 'threefold', '', '', '', '!', false, true, true, pg_temp.at(0)),
  (3, 'idle', '', '', '', '!', false, true, true, pg_temp.at(0));
INSERT INTO claims_membership (team_id, user_id, role, created_at)
  SELECT t, t * 10 + k, CASE k WHEN 0 THEN 'lead' WHEN 4 THEN 'contributor' ELSE 'reviewer' END,
    pg_temp.at(0) FROM generate_series(1, {teams}) AS t, generate_series(0, 4) AS k;
INSERT INTO claims_membership (team_id, user_id, role, created_at) VALUES
  (2, 2, 'lead', pg_temp.at(0)), (9, 2, 'lead', pg_temp.at(0)), (12, 2, 'lead', pg_temp.at(0)),
  ({teams}, 3, 'lead', pg_temp.at(0));
INSERT INTO claims_source (id, team_id, prefix, name, type, note)
  SELECT t * 100 + k, t, 'host' || k || '.example', 'Publisher ' || k,
    (ARRAY['media','official','agency','unknown'])[1 + k % 4], ''
  FROM generate_series(1, {teams}) AS t, generate_series(0, 39) AS k;
""",
    ),
    (
        "articles",
        """
INSERT INTO claims_article (id, team_id, state, failure, failure_detail, title, byline, publisher,
    published_on, language, url, canonical_url, text, sha256, links, left_out, created_by_id,
    created_at)
  SELECT a, pg_temp.team(a), CASE WHEN pg_temp.u(a, 3) < .01 THEN 'failed' ELSE 'read' END, '', '',
    initcap(pg_temp.words(a, 7)) || CASE WHEN a % 400 = 3 THEN ' kumquat' ELSE '' END,
    'By ' || initcap(pg_temp.words(a % 300, 2)), 'Publisher ' || a % 40,
    pg_temp.at(a * {per})::date, 'en', 'https://host' || a % 40 || '.example/' || a,
    'https://host' || a % 40 || '.example/' || a,
    CASE a WHEN 1 THEN repeat('The text of a very long article stands here. ', 4600)
      ELSE p.text || q.text || r.text END,
    pg_temp.sha('article' || a), '[]', 0, NULL, pg_temp.at(a * {per})
  FROM generate_series(1, {articles}) AS a
  JOIN paragraph p ON p.id = 1 + a * 7 % 500 JOIN paragraph q ON q.id = 1 + a * 13 % 500
  JOIN paragraph r ON r.id = 1 + a * 31 % 500
  WHERE a = 1 OR a > {big} / {per}
""",
    ),
    (
        "claims",
        """
INSERT INTO claims_claim (id, team_id, text, self_contained, text_sha256, score, reasons, claimant,
    measured, of_what, place, period_from, period_to, context_before, context_after, version,
    created_at)
  SELECT i, pg_temp.team(a), words, words, pg_temp.sha('claim' || i),
    round(pg_temp.u(i, 4)::numeric, 3), '["states a number"]', initcap(pg_temp.words(i % 900, 2)),
    'output', '', '', '2025-01-01', '2025-12-31', 'Before it.', 'After it.', 0, pg_temp.at(i)
  FROM (SELECT i, pg_temp.article(i) AS a, 'Claim ' || i || ': ' || pg_temp.words(i, 9) || ' '
    || floor(pg_temp.u(i, 5) * 900) || CASE WHEN i % 3 = 0 THEN ' tonnes' ELSE ' per cent' END
    || CASE WHEN i % 10007 = 11 THEN ' of kumquat' ELSE '' END || '.' AS words
    FROM generate_series(1, {n}) AS i) AS made
""",
    ),
    (
        "quantities and appearances",
        """
INSERT INTO claims_quantity (claim_id, position, text, start, "end", value, low, high, unit,
    unit_name, kind, bound, hedge, change, counted, measured, of_what, period)
  SELECT i, k, '70 per cent', 0, 11, 70 + i % 30, NULL, NULL, 'percent', 'percent', 'percent',
    '~', 'nearly', '', '', 'output', '', NULL
  FROM generate_series(1, {n}) AS i, generate_series(0, 1) AS k WHERE k = 0 OR i % 5 = 0;
INSERT INTO claims_appearance (claim_id, article_id, start, "end")
  SELECT i, pg_temp.article(i), s, s + 60
  FROM (SELECT i, (CASE WHEN i <= {big} THEN i - 1 ELSE (i - 1) % {per} END * 70)::int AS s
    FROM generate_series(1, {n}) AS i) AS made
""",
    ),
    (
        "tickets",
        """
INSERT INTO claims_ticket (id, team_id, claim_id, state, priority, round, assigned_to_id,
    reserved_by_id, reserved_until, close_reason, version, review_seconds, created_at, ready_at,
    taken_at, decided_at, published_at, due_on)
  SELECT i, team, i, state, floor(pg_temp.u(i, 6) * 101), 1,
    CASE WHEN state = 'ready' AND i % 5 = 1 THEN team * 10 + 1 + i % 3 END,
    CASE WHEN state = 'in_review' THEN team * 10 + 1 + i % 3 END,
    CASE WHEN state = 'in_review' THEN now() + interval '90 days' END,
    CASE WHEN state = 'closed' THEN 'not_checkable' ELSE '' END, 4, 120, at,
    CASE WHEN state NOT IN ('open', 'gathering') THEN at + interval '5 minutes' END,
    CASE WHEN state = 'in_review' THEN now() END,
    CASE WHEN state IN ('decided', 'published') THEN at + interval '2 hours' END,
    CASE WHEN state = 'published' THEN at + interval '3 hours' END,
    CASE WHEN i % 3 = 0 THEN timestamptz '{now}'::date + floor(pg_temp.u(i, 9) * 40)::int - 10 END
  FROM (SELECT i, pg_temp.team(pg_temp.article(i)) AS team, pg_temp.state(i) AS state,
    pg_temp.at(i) AS at FROM generate_series(1, {n}) AS i WHERE i % 5 <> 0) AS made
""",
    ),
    (
        "tags and skips",
        """
INSERT INTO claims_tag (id, team_id, name) SELECT t * 100 + k, t,
    (ARRAY['economy','health','climate','breaking'])[k] || ' ' || t
  FROM generate_series(1, {teams}) AS t, generate_series(1, 4) AS k;
INSERT INTO claims_tickettag (ticket_id, tag_id)
  SELECT id, team_id * 100 + CASE WHEN id % 1000 < 2 THEN 4 ELSE 1 + id % 3 END
  FROM claims_ticket WHERE id % 2 = 0 OR id % 1000 < 2;
INSERT INTO claims_skip (ticket_id, person_id, reason, at)
  SELECT id, team_id * 10 + 1 + id % 3, 'It is in a language that I do not read.',
    timestamptz '{now}' - interval '1 hour' FROM claims_ticket WHERE state = 'ready' AND id % 7 = 0
""",
    ),
    (
        "pages and snapshots",
        """
INSERT INTO claims_page (id, team_id, source_id, url, canonical_url, title, outcome, reason, detail,
    fetched_at, created_at)
  SELECT p, team, team * 100 + p % 40, 'https://host' || p % 40 || '.example/page/' || p,
    'https://host' || p % 40 || '.example/page/' || p, initcap(pg_temp.words(p + 5000000, 6)),
    CASE WHEN p % 20 = 0 THEN 'failed' ELSE 'ok' END,
    CASE WHEN p % 20 = 0 THEN 'timed_out' ELSE '' END, '', pg_temp.at(p * {per} / {pages}),
    pg_temp.at(p * {per} / {pages})
  FROM (SELECT p, pg_temp.team((p - 1) / {pages} + 1) AS team
    FROM generate_series(1, {articles} * {pages}) AS p) AS made;
INSERT INTO claims_snapshot (id, page_id, final_url, redirects, status, headers, content_type,
    charset, address, fetched_at, seconds, size_bytes, sha256, body_path, fetcher, read_at, reader,
    generation, text, text_sha256, title, byline, publisher, published_on, language, links, tables,
    is_cut)
  SELECT p, p, 'https://host' || p % 40 || '.example/page/' || p, '[]', 200,
    '[["content-type", "text/html"]]', 'text/html', 'utf-8', '192.0.2.7',
    pg_temp.at(p * {per} / {pages}), .4, (10000 + p * 7919 % 90000)::int, pg_temp.sha('body' || p),
    'aa/' || p,
    'fetcher', pg_temp.at(p * {per} / {pages}), 'reader', 1, a.text || b.text,
    pg_temp.sha('text' || p),
    initcap(pg_temp.words(p + 5000000, 6)) || CASE WHEN p % 2003 = 5 THEN ' kumquat' ELSE '' END,
    '', 'Publisher ' || p % 40, pg_temp.at(p * {per} / {pages})::date, 'en', '[]', '[]', false
  FROM generate_series(1, {articles} * {pages}) AS p
  JOIN paragraph a ON a.id = 1 + p * 17 % 500 JOIN paragraph b ON b.id = 1 + p * 41 % 500
""",
    ),
    (
        "passages and evidence",
        """
INSERT INTO claims_passage (id, snapshot_id, start, "end", quote)
  SELECT p * 3 + j, p, j * 100, j * 100 + 90, left(a.text, 90 + j)
  FROM generate_series(1, {articles} * {pages}) AS p CROSS JOIN generate_series(0, 2) AS j
  JOIN paragraph a ON a.id = 1 + p * 17 % 500;
INSERT INTO claims_evidence (id, ticket_id, passage_id, number, score, score_reasons,
    suggested_stance, confidence, stance_reasons, stance, outcome, comparison, origin,
    origin_reasons, created_at)
  SELECT i * 3 + k, i, (((pg_temp.article(i) - 1) * {pages} + 1 + (i + k) % {pages}) * 3 + i % 3),
    k + 1, .7, '[]', (ARRAY['supports','refutes','neutral'])[1 + (i + k) % 3], .6, '[]', '',
    'match', {comparison}, k, '[]', pg_temp.at(i)
  FROM generate_series(1, {n}) AS i CROSS JOIN generate_series(0, 1) AS k WHERE i % 5 <> 0
""",
    ),
    (
        "searches",
        """
INSERT INTO claims_search (id, ticket_id, team_id, round, provider, query, purpose, outcome,
    detail, result_count, created_at, ended_at)
  SELECT i, i, team_id, 1, (ARRAY['wikipedia','sitemap'])[1 + i % 2], 'output ' || i % 1000,
    (ARRAY['support','contradict'])[1 + i % 2],
    CASE WHEN i % 7 = 0 THEN 'found_nothing' ELSE 'found' END, '', CASE i % 7 WHEN 0 THEN 0 ELSE 1
    END, pg_temp.at(i), pg_temp.at(i)
  FROM generate_series(1, {n}) AS i JOIN claims_ticket AS ticket ON ticket.id = i
  WHERE i % 5 <> 0;
INSERT INTO claims_searchresult (search_id, page_id, rank, title, snippet)
  SELECT i, (pg_temp.article(i) - 1) * {pages} + 1 + i % {pages}, 1, 'Found', 'It says so.'
  FROM generate_series(1, {n}) AS i WHERE i % 5 <> 0 AND i % 7 <> 0
""",
    ),
    (
        "verdicts",
        """
INSERT INTO claims_verdict (id, ticket_id, version, state, rating_id, scale_name, rating_label,
    rating_value, rating_best, rating_worst, rationale, tolerance, what_would_change, reviewer_id,
    decided_at, review_seconds, second_reviewer_id, has_agreed, second_note, confirmed_at,
    published_at, correction_of_id, correction_class, correction_reason, waiver_reason,
    evidence_count, independent_origins, is_primary_reached, rating_colour)
  SELECT i * 2 + v - 1, i, v, CASE WHEN v < versions THEN 'superseded'
      WHEN state = 'decided' AND i % 2 = 0 THEN 'proposed' ELSE 'final' END,
    9001 + i % 5, 'Scale of the benchmark',
    (ARRAY['False','Mostly false','Mixed','Mostly true','True'])[1 + i % 5], 1 + i % 5, 5, 1,
    CASE i % 97 WHEN 0 THEN '=1+1 ' ELSE '' END || initcap(pg_temp.words(i + 7000000, 24))
      || ' [1].',
    '', '', team * 10 + 1, at + interval '2 hours', 300,
    CASE WHEN state = 'published' THEN team * 10 + 2 END,
    CASE WHEN state = 'published' THEN true END, '',
    CASE WHEN state = 'published' THEN at + interval '3 hours' END,
    CASE WHEN state = 'published' THEN at + interval '3 hours' END,
    CASE v WHEN 2 THEN i * 2 END, CASE v WHEN 2 THEN 'update' ELSE '' END,
    CASE v WHEN 2 THEN 'A table was misread.' ELSE '' END, '', 2, 1, i % 2 = 0,
    '#1a7f37'
  FROM (SELECT i, state, team, at, CASE WHEN state = 'published' AND i % 10 = 1 THEN 2 ELSE 1 END
      AS versions FROM (SELECT id AS i, state, team_id AS team, created_at AS at
      FROM claims_ticket WHERE state IN ('decided', 'published')) AS t) AS made,
    LATERAL generate_series(1, versions) AS v;
INSERT INTO claims_verdictevidence (verdict_id, evidence_id, number, is_decisive, stance, url,
    title, publisher, quote, start, "end", snapshot_sha256, text_sha256, snapshot_at, outcome,
    source_value, comparison, source_type, page_published_on, origin)
  SELECT v.id, v.ticket_id * 3 + k, k + 1, k = 0, 'supports',
    'https://host' || v.id % 40 || '.example/page/' || v.id, 'A page', 'Publisher ' || v.id % 40,
    left(a.text, 160), 0, 90, pg_temp.sha('body' || v.id), pg_temp.sha('text' || v.id),
    v.decided_at, 'match', '70', {comparison}, 'media', v.decided_at::date, k
  FROM claims_verdict v CROSS JOIN generate_series(0, 1) AS k
  JOIN paragraph a ON a.id = 1 + v.id * 17 % 500
""",
    ),
    (
        "second reads and waivers",
        """
INSERT INTO claims_secondread (verdict_id, reader_id, is_blind, outcome, rating_label, rating_value,
    rationale, note, at)
  SELECT v.id, team_id * 10 + 2, is_apart, CASE WHEN NOT is_apart THEN
      (ARRAY['confirmed','edited','sent_back'])[1 + v.id % 3]
      WHEN v.id % 5 = 1 THEN 'disagreed' ELSE 'agreed' END,
    CASE WHEN is_apart THEN v.rating_label ELSE '' END, CASE WHEN is_apart THEN
      1 + (rating_value + (v.id % 5 = 1)::int - 1) % 5 END, '', '', v.decided_at + interval '1 hour'
  FROM (SELECT *, id % 11 = 3 AS is_apart FROM claims_verdict WHERE id % 3 = 0 OR id % 11 = 3) AS v
  JOIN claims_ticket AS ticket ON ticket.id = v.ticket_id;
INSERT INTO claims_waiver (verdict_id, item, needed, found, reason)
  SELECT id, (ARRAY['origins','primary','anchored','contrary'])[1 + id % 4], 2, 1, 'One is enough.'
  FROM claims_verdict WHERE id % 12 IN (0, 1, 2, 7)
""",
    ),
    (
        "jobs",
        """
INSERT INTO claims_job (team_id, kind, key, subject_id, state, attempts, due_at, reason, detail,
    created_at, started_at, ended_at)
  SELECT pg_temp.team(pg_temp.article(i)), kind, kind || ':' || i || ':bench', i, state,
    CASE state WHEN 'pending' THEN 0 WHEN 'failed' THEN 3 ELSE 1 END, pg_temp.at(i),
    CASE state WHEN 'failed' THEN 'error' ELSE '' END, '', pg_temp.at(i),
    CASE WHEN state <> 'pending' THEN pg_temp.at(i) END,
    CASE WHEN state <> 'pending' THEN pg_temp.at(i) END
  FROM (SELECT i, (ARRAY['search','fetch','read','weigh'])[1 + i % 4] AS kind,
      CASE WHEN pg_temp.u(i, 8) < .003 THEN 'failed' WHEN pg_temp.u(i, 8) < .012 THEN 'pending'
      ELSE 'done' END AS state FROM generate_series(1, {n}) AS i) AS made
""",
    ),
)
