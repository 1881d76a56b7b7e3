"""Handing out waiting tickets inside the database: one call, one commit, plans that are kept.

The digest of a ticket event is defined by ``claims.models.history.digest_event``; the same
canonical JSON is put together here, and a test holds the two against each other.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION claims_append_events(
    tickets bigint[], by_person bigint, by_name text, done text, was text, becomes text,
    told text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    happened_at timestamptz := clock_timestamp();
    head text;
    shown_at text := to_char(happened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US');
BEGIN
    head := '{"action":' || to_json(done)
        || ',"actor":' || coalesce(by_person::text, 'null')
        || ',"actor_name":' || to_json(by_name)
        || ',"at":"' || shown_at || '+00:00","changes":';
    INSERT INTO claims_ticketevent (
        ticket_id, sequence, at, actor_id, actor_name, action, from_state, to_state, note,
        changes, previous_digest, digest
    ) SELECT line.ticket, line.sequence, happened_at, by_person, by_name, done, was, becomes, '',
        line.told::jsonb, line.previous,
        encode(sha256(convert_to(
            head || line.told || ',"from":' || to_json(was) || ',"note":"","previous":"'
            || line.previous || '","sequence":' || line.sequence || ',"ticket":' || line.ticket
            || ',"to":' || to_json(becomes) || '}', 'UTF8'
        )), 'hex')
    FROM (
        SELECT one.ticket, one.told, coalesce(last.sequence, 0) + 1 AS sequence,
            coalesce(last.digest, '') AS previous
        FROM unnest(tickets, told) WITH ORDINALITY AS one(ticket, told, place)
        LEFT JOIN LATERAL (
            SELECT event.sequence, event.digest FROM claims_ticketevent AS event
            WHERE event.ticket_id = one.ticket ORDER BY event.sequence DESC LIMIT 1
        ) AS last ON true
        ORDER BY one.place
    ) AS line;
END $$;

CREATE FUNCTION claims_pick_free(of_team bigint, wanted int, reviewers text[])
RETURNS bigint[] LANGUAGE plpgsql SET enable_sort = off AS $$
DECLARE
    picked bigint[];
BEGIN
    picked := ARRAY(
        SELECT ticket.id FROM claims_ticket AS ticket
        WHERE ticket.team_id = of_team AND ticket.state = 'ready'
            AND ticket.assigned_to_id IS NULL
        ORDER BY ticket.priority DESC, ticket.id LIMIT wanted FOR UPDATE SKIP LOCKED
    );
    IF cardinality(picked) < wanted THEN
        -- Given to somebody who may no longer review for the team: everybody's again.
        picked := picked || ARRAY(
            SELECT ticket.id FROM claims_ticket AS ticket
            WHERE ticket.team_id = of_team AND ticket.state = 'ready'
                AND ticket.assigned_to_id IS NOT NULL
                AND NOT EXISTS (
                    SELECT FROM auth_user AS assignee WHERE assignee.id = ticket.assigned_to_id
                    AND assignee.is_active AND (assignee.is_superuser OR EXISTS (
                        SELECT FROM claims_membership AS member
                        WHERE member.user_id = assignee.id AND member.team_id = of_team
                            AND member.role = ANY(reviewers)
                    ))
                )
            ORDER BY ticket.priority DESC, ticket.id LIMIT wanted - cardinality(picked)
            FOR UPDATE SKIP LOCKED
        );
    END IF;
    RETURN picked;
END $$;

CREATE FUNCTION claims_pick_own(of_team bigint, person bigint, wanted int)
RETURNS bigint[] LANGUAGE plpgsql SET enable_sort = off AS $$
BEGIN
    RETURN ARRAY(
        SELECT ticket.id FROM claims_ticket AS ticket
        WHERE ticket.team_id = of_team AND ticket.state = 'ready'
            AND ticket.assigned_to_id = person
        ORDER BY ticket.priority DESC, ticket.id LIMIT wanted FOR UPDATE SKIP LOCKED
    );
END $$;

CREATE FUNCTION claims_hand_out(
    of_team bigint, taker bigint, taker_name text, is_above boolean, wanted int, minutes int,
    becomes text, reviewers text[]
) RETURNS SETOF claims_ticket LANGUAGE plpgsql AS $$
DECLARE
    picked bigint[];
BEGIN
    IF NOT is_above AND NOT EXISTS (
        SELECT FROM claims_membership AS member WHERE member.user_id = taker
        AND member.team_id = of_team AND member.role = ANY(reviewers)
    ) THEN
        RETURN;
    END IF;
    picked := claims_pick_own(of_team, taker, wanted);
    IF cardinality(picked) < wanted THEN
        picked := picked || claims_pick_free(of_team, wanted - cardinality(picked), reviewers);
    END IF;
    IF cardinality(picked) = 0 THEN
        RETURN;
    END IF;
    UPDATE claims_ticket SET state = becomes, version = version + 1, reserved_by_id = taker,
        reserved_until = now() + make_interval(mins => minutes), taken_at = now()
        WHERE id = ANY(picked);
    PERFORM claims_append_events(picked, taker, taker_name, 'moved', 'ready', becomes,
        array_fill('{}'::text, ARRAY[cardinality(picked)]));
    RETURN QUERY SELECT ticket.* FROM unnest(picked) WITH ORDINALITY AS one(id, place)
        JOIN claims_ticket AS ticket ON ticket.id = one.id ORDER BY one.place;
END $$;

CREATE FUNCTION claims_give_out(
    of_team bigint, giver bigint, giver_name text, is_above boolean, wanted int,
    assignee bigint, assignee_name text, leads text[], reviewers text[]
) RETURNS SETOF claims_ticket LANGUAGE plpgsql AS $$
DECLARE
    picked bigint[];
    told text[];
BEGIN
    IF NOT is_above AND NOT EXISTS (
        SELECT FROM claims_membership AS member WHERE member.user_id = giver
        AND member.team_id = of_team AND member.role = ANY(leads)
    ) THEN
        RETURN;
    END IF;
    picked := claims_pick_free(of_team, wanted, reviewers);
    IF cardinality(picked) = 0 THEN
        RETURN;
    END IF;
    told := ARRAY(
        SELECT '{"assigned_to":[' || coalesce(to_json(before.username)::text, 'null') || ','
            || to_json(assignee_name) || ']}'
        FROM unnest(picked) WITH ORDINALITY AS one(id, place)
        JOIN claims_ticket AS ticket ON ticket.id = one.id
        LEFT JOIN auth_user AS before ON before.id = ticket.assigned_to_id ORDER BY one.place
    );
    UPDATE claims_ticket SET assigned_to_id = assignee, version = version + 1
        WHERE id = ANY(picked);
    PERFORM claims_append_events(picked, giver, giver_name, 'assigned', '', '', told);
    RETURN QUERY SELECT ticket.* FROM unnest(picked) WITH ORDINALITY AS one(id, place)
        JOIN claims_ticket AS ticket ON ticket.id = one.id ORDER BY one.place;
END $$;
"""

BACKWARDS = """
DROP FUNCTION claims_give_out;
DROP FUNCTION claims_hand_out;
DROP FUNCTION claims_pick_own;
DROP FUNCTION claims_pick_free;
DROP FUNCTION claims_append_events;
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_claim_imports")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
