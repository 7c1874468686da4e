/**
 * The functions in a PostgreSQL schema: what changes a store is one call, so one round trip and one transaction, with the
 * plans of its statements kept by the server, and without state of the session, so that a pooler may stand between.
 *
 * Whoever inserts events holds the log's lock until his transaction ends, shared with others who insert: a trigger takes
 * it, so that this is true of every program. It is taken before a position is. Who holds it alone, for a moment, knows
 * that each position up to the last one is recorded or never will be: see final.ts.
 */
import { matching } from './matching'
import { idIn, type Layout, namesIn } from './tables'
import { MOST } from './values'

/** Of two keys for the lock of a log, the one that all logs have. */
const LOCKS = 0x646f67
/** The bits of a position that are said in a lock: whoever reads them knows the others. */
const LOW = 0x7fffffff

/** How long a flush waits for others who hold a lock, and a reader for writers who are under way. */
const [FLUSH_WAITS, READER_WAITS] = ['30s', '200ms']

/** What makes the functions. @param sequence the sequence that positions are taken from, quoted */
export function functions({ schema, prefix, idType }: Layout, sequence: string): readonly string[] {
  const t = namesIn({ schema, prefix })
  const newest = (id: string) =>
    `SELECT originator_version FROM ${t.events} WHERE originator_id = ${idIn(idType, id)} ORDER BY originator_version DESC LIMIT 1`
  return [
    // ---- The log's lock.
    `CREATE OR REPLACE FUNCTION ${t.lock}() RETURNS void LANGUAGE sql AS
     $$ SELECT pg_advisory_xact_lock(${LOCKS}, '${t.events}'::regclass::oid::int) $$`,
    // Whoever is under way says after which position: it is part of the key of a second lock, which each transaction takes
    // once. Who holds the log's lock alone need not, but his first insert does.
    `CREATE OR REPLACE FUNCTION ${t.underWay}() RETURNS void LANGUAGE plpgsql AS
     $$ DECLARE log bigint := '${t.events}'::regclass::oid; said text := 'dog_school.log_' || log; BEGIN
       IF current_setting(said, true) = 'under way' THEN RETURN; END IF;
       PERFORM pg_advisory_xact_lock_shared(${LOCKS}, log::oid::int);
       PERFORM pg_advisory_xact_lock_shared((log << 32) | (coalesce(max(notification_id), 0) & ${LOW})) FROM ${t.events};
       PERFORM set_config(said, 'under way', true);
     END $$`,
    // The last position that nobody who is under way can come before. What is committed is looked at before the locks are.
    `CREATE OR REPLACE FUNCTION ${t.beforeOthers}() RETURNS bigint LANGUAGE sql AS
     $$ SELECT greatest(0, least(newest, (
         SELECT min(newest - ((newest - objid::bigint) & ${LOW})) FROM pg_locks
         WHERE locktype = 'advisory' AND objsubid = 1 AND classid = '${t.events}'::regclass::oid
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       ))) FROM (SELECT coalesce(max(notification_id), 0) AS newest FROM ${t.events}) AS log $$`,
    `CREATE OR REPLACE FUNCTION ${t.lockShared}() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN PERFORM ${t.underWay}(); RETURN NULL; END $$`,
    `CREATE OR REPLACE TRIGGER "${prefix}_lock" BEFORE INSERT ON ${t.events}
     FOR EACH STATEMENT EXECUTE FUNCTION ${t.lockShared}()`,
    // Rows that any program deletes, or renames, take their tags with them.
    `CREATE OR REPLACE FUNCTION ${t.earlier}() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN
       IF TG_OP = 'DELETE' THEN DELETE FROM ${t.tags} WHERE position = OLD.notification_id;
       ELSE UPDATE ${t.tags} SET topic = NEW.topic, position = NEW.notification_id WHERE position = OLD.notification_id;
       END IF;
       RETURN NULL;
     END $$`,
    `CREATE OR REPLACE TRIGGER "${prefix}_tags" AFTER DELETE OR UPDATE OF topic, notification_id ON ${t.events}
     FOR EACH ROW EXECUTE FUNCTION ${t.earlier}()`,
    // Nobody is under way, so that what comes later gets a higher position than any that is there. The sequence says as much, but
    // not to a user who may only read.
    `CREATE OR REPLACE FUNCTION ${t.final}() RETURNS bigint LANGUAGE plpgsql SET lock_timeout = '${READER_WAITS}' AS
     $$ BEGIN
       PERFORM ${t.lock}();
       RETURN (SELECT coalesce(max(notification_id), 0) FROM ${t.events});
     END $$`,

    // ---- Queries: the positions that match, each once, in order.
    matching(t, t.matching, 'ASC'),
    matching(t, t.matchingDown, 'DESC'),

    // ---- Appends.
    // Why a caller's append is refused, besides for its versions.
    `CREATE OR REPLACE FUNCTION ${t.refusal}(rule jsonb) RETURNS jsonb LANGUAGE plpgsql AS
     $$ DECLARE seen bigint; BEGIN
       IF rule ? 'query' THEN
         SELECT ${t.matching}(rule->'query', (rule->>'after')::bigint, ${MOST}, 1) INTO seen;
         IF seen IS NOT NULL THEN RETURN jsonb_build_object('position', seen); END IF;
       END IF;
       IF rule ? 'application' THEN
         SELECT coalesce(max(notification_id), 0) INTO seen FROM ${t.tracking} WHERE application_name = rule->>'application';
         IF seen >= (rule->>'notification')::bigint OR seen <> coalesce((rule->>'before')::bigint, seen) THEN
           RETURN jsonb_build_object('tracked', seen);
         END IF;
         -- An application has one row, or, in tables of earlier versions of the Python library, one for each notification.
         UPDATE ${t.tracking} SET notification_id = (rule->>'notification')::bigint WHERE application_name = rule->>'application' AND notification_id = seen;
         IF NOT FOUND THEN INSERT INTO ${t.tracking} VALUES (rule->>'application', (rule->>'notification')::bigint); END IF;
       END IF;
       RETURN NULL;
     END $$`,
    /*
     * Callers come in portions, one after the other: those of a portion have no aggregate in common, and one with a rule
     * is alone in its portion. A stream is the events of one caller for one aggregate: an event is the `e_place`-th of its
     * stream, and its version is that of the caller, or 0 for the next one.
     */
    `CREATE OR REPLACE FUNCTION ${t.append}(
       p_writer uuid, p_flush bigint, p_streams int[], p_events int[], p_rules jsonb[],
       s_caller int[], s_id text[],
       e_stream int[], e_place int[], e_version bigint[], e_topic text[], e_text text[], e_bytes bytea[], e_tags jsonb[]
     ) RETURNS text LANGUAGE plpgsql SET lock_timeout = '${FLUSH_WAITS}' SET plan_cache_mode = force_generic_plan AS
     $$ DECLARE
       result text; faults jsonb[] := '{}'; refused int[] := '{}'; positions text := ''; those text; last bigint[]; fault jsonb;
       s int := 0; e int := 0;
     BEGIN
       -- What is read after a lock must be what is there after it.
       IF current_setting('transaction_isolation') <> 'read committed' THEN
         RAISE EXCEPTION 'the transactions of this user are %, which is not needed here, and hides what others have just recorded', current_setting('transaction_isolation') USING ERRCODE = 'DS001';
       END IF;
       -- What most appends are: one event, without tags or a rule. As in every program that inserts events, the statement takes
       -- the lock of the table, and its trigger that of the log. If it finds nothing to record, what follows says why.
       IF cardinality(e_topic) = 1 AND p_rules IS NULL AND e_tags[1] IS NULL THEN
         WITH recorded AS (
           INSERT INTO ${t.events} (originator_id, originator_version, topic, state)
           SELECT ${idIn(idType, 's_id[1]')}, had + 1, e_topic[1], coalesce(e_bytes[1], convert_to(e_text[1], 'UTF8'))
           FROM (SELECT coalesce((${newest('s_id[1]')}), 0) AS had) AS stored WHERE e_version[1] IN (0, had + 1)
           RETURNING notification_id
         )
         INSERT INTO ${t.flushes} AS flushes (writer, flush, result)
         SELECT p_writer, p_flush, format('{"positions":[%s],"faults":[]}', notification_id) FROM recorded
         RETURNING flushes.result INTO result;
         IF FOUND THEN RETURN result; END IF;
       END IF;
       -- Before the log's lock, as for every other program that inserts events: the Python library locks the whole table.
       LOCK TABLE ${t.events} IN ROW EXCLUSIVE MODE;
       IF p_rules IS NOT NULL THEN PERFORM ${t.lock}();
       ELSE PERFORM ${t.underWay}(); END IF;
       FOR p IN 1..cardinality(p_streams) LOOP
         SELECT array_agg(had ORDER BY n) INTO last
         FROM unnest(s_id[s + 1:p_streams[p]]) WITH ORDINALITY AS given (id, n),
           LATERAL (SELECT coalesce((${newest('given.id')}), 0) AS had) AS stored;
         SELECT faults || coalesce(array_agg(jsonb_build_object('caller', caller, 'id', id, 'version', version, 'expected', expected)), '{}'),
           refused || coalesce(array_agg(caller), '{}')
         INTO faults, refused
         FROM (
           SELECT DISTINCT ON (s_caller[stream]) s_caller[stream] AS caller, s_id[stream] AS id, version, last[stream - s] + place AS expected
           FROM unnest(e_stream[e + 1:p_events[p]], e_place[e + 1:p_events[p]], e_version[e + 1:p_events[p]]) WITH ORDINALITY AS given (stream, place, version, n)
           WHERE version NOT IN (0, last[stream - s] + place) ORDER BY s_caller[stream], n
         ) AS out_of_turn;
         IF p_rules[p] IS NOT NULL AND NOT (p_rules[p]->>'caller')::int = ANY (refused) THEN
           fault := ${t.refusal}(p_rules[p]);
           IF fault IS NOT NULL THEN
             faults := faults || (fault || jsonb_build_object('caller', p_rules[p]->'caller'));
             refused := refused || (p_rules[p]->>'caller')::int;
           END IF;
         END IF;
         WITH given AS MATERIALIZED (
           SELECT *, CASE WHEN s_caller[stream] = ANY (refused) THEN NULL ELSE nextval('${sequence}') END AS position
           FROM unnest(e_stream[e + 1:p_events[p]], e_place[e + 1:p_events[p]], e_topic[e + 1:p_events[p]], e_text[e + 1:p_events[p]], e_bytes[e + 1:p_events[p]], e_tags[e + 1:p_events[p]])
             AS given (stream, place, topic, words, bytes, tags)
         ), recorded AS (
           INSERT INTO ${t.events} (originator_id, originator_version, topic, state, notification_id)
           SELECT ${idIn(idType, 's_id[stream]')}, last[stream - s] + place, topic, coalesce(bytes, convert_to(words, 'UTF8')), position
           FROM given WHERE position IS NOT NULL
         ), tagged AS (
           INSERT INTO ${t.tags} (tag, position, topic)
           SELECT tag, position, topic FROM given, jsonb_array_elements_text(tags) AS tag WHERE position IS NOT NULL AND tags IS NOT NULL
         )
         SELECT string_agg(coalesce(position, 0)::text, ',') INTO those FROM given;
         positions := concat_ws(',', nullif(positions, ''), those);
         s := p_streams[p];
         e := p_events[p];
       END LOOP;
       result := format('{"positions":[%s],"faults":%s}', positions, to_jsonb(faults));
       INSERT INTO ${t.flushes} (writer, flush, result) VALUES (p_writer, p_flush, result);
       RETURN result;
     END $$`,

    // ---- Views. What is stored is returned if the change does not follow on from it.
    `CREATE OR REPLACE FUNCTION ${t.saveView}(
       p_writer uuid, p_flush bigint, p_name text, p_after bigint, p_position bigint, p_log_id text, p_form text, p_build text,
       p_keys text[], p_words text[], p_bytes bytea[]
     ) RETURNS text LANGUAGE plpgsql SET lock_timeout = '${FLUSH_WAITS}' AS
     $$ DECLARE stored record; result text := '{}'; BEGIN
       IF p_after = 0 THEN
         INSERT INTO ${t.views} (name, position, log_id, form, build) VALUES (p_name, 0, p_log_id, p_form, p_build) ON CONFLICT DO NOTHING;
       END IF;
       SELECT * INTO stored FROM ${t.views} WHERE name = p_name FOR UPDATE;
       IF stored.position = p_after AND stored.build = p_build THEN
         UPDATE ${t.views} SET position = p_position, log_id = p_log_id, form = p_form WHERE id = stored.id;
         -- Joined, as a new table seems to be empty, each row would be compared with each.
         DELETE FROM ${t.viewRows} WHERE view = stored.id AND key = ANY (ARRAY(
           SELECT gone FROM unnest(p_keys, p_words, p_bytes) AS given (gone, words, bytes) WHERE words IS NULL AND bytes IS NULL));
         INSERT INTO ${t.viewRows} (view, key, words, bytes)
         SELECT stored.id, given.* FROM unnest(p_keys, p_words, p_bytes) AS given (key, words, bytes) WHERE words IS NOT NULL OR bytes IS NOT NULL
         ON CONFLICT (view, key) DO UPDATE SET words = excluded.words, bytes = excluded.bytes;
       ELSE
         result := json_build_object('refused', true, 'stored', CASE WHEN stored.id IS NOT NULL THEN json_build_object('position', stored.position, 'build', stored.build) END);
       END IF;
       INSERT INTO ${t.flushes} (writer, flush, result) VALUES (p_writer, p_flush, result);
       RETURN result;
     END $$`,
    `CREATE OR REPLACE FUNCTION ${t.swapView}(p_writer uuid, p_flush bigint, p_from text, p_to text)
     RETURNS text LANGUAGE plpgsql SET lock_timeout = '${FLUSH_WAITS}' AS
     $$ DECLARE result text := '{}'; BEGIN
       IF NOT EXISTS (SELECT FROM ${t.views} WHERE name = p_from FOR UPDATE) THEN result := '{"refused":true}';
       ELSIF p_from <> p_to THEN
         PERFORM ${t.dropView}(p_to);
         UPDATE ${t.views} SET name = p_to WHERE name = p_from;
       END IF;
       INSERT INTO ${t.flushes} (writer, flush, result) VALUES (p_writer, p_flush, result);
       RETURN result;
     END $$`,
    `CREATE OR REPLACE FUNCTION ${t.dropView}(p_name text)
     RETURNS void LANGUAGE plpgsql SET lock_timeout = '${FLUSH_WAITS}' AS
     $$ DECLARE gone bigint; BEGIN
       DELETE FROM ${t.views} WHERE name = p_name RETURNING id INTO gone;
       DELETE FROM ${t.viewRows} WHERE view = gone;
     END $$`,

    // ---- A connection was cut: did it happen?
    // Waits until the transaction has ended that made this flush, if any; if it was not recorded, it cannot be any more.
    // It always writes, so that its commit is not answered before a synchronous standby has that flush, too.
    `CREATE OR REPLACE FUNCTION ${t.settle}(p_writer uuid, p_flush bigint)
     RETURNS text LANGUAGE plpgsql SET lock_timeout = '${FLUSH_WAITS}' AS
     $$ BEGIN
       INSERT INTO ${t.flushes} (writer, flush) VALUES (p_writer, p_flush) ON CONFLICT (writer, flush) DO UPDATE SET at = now();
       RETURN (SELECT result FROM ${t.flushes} WHERE writer = p_writer AND flush = p_flush);
     END $$`,
  ]
}
