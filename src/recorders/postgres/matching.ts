/** What a PostgreSQL server is asked for by topics and tags: the function that finds the positions. */
import type { Names } from './tables'

/**
 * Of several tags, the one with the fewest events is read, and the others are looked up; counting stops at a thousand,
 * because then any of them will do.
 */
export function matching(t: Names, name: string, order: 'ASC' | 'DESC'): string {
  return `CREATE OR REPLACE FUNCTION ${name}(query jsonb, p_after bigint, up_to bigint, p_limit bigint) RETURNS SETOF bigint LANGUAGE plpgsql STABLE AS
   $$ DECLARE item jsonb; topics text[]; tags text[]; rarest text; positions bigint[] := '{}'; these bigint[]; BEGIN
     FOR item IN SELECT jsonb_array_elements(query) LOOP
       topics := CASE WHEN item ? 'topics' THEN ARRAY(SELECT jsonb_array_elements_text(item->'topics')) END;
       tags := ARRAY(SELECT jsonb_array_elements_text(coalesce(item->'tags', '[]')));
       IF cardinality(tags) = 0 AND topics IS NULL THEN
         these := ARRAY(SELECT notification_id FROM ${t.events} WHERE notification_id > p_after AND notification_id <= up_to
           ORDER BY notification_id ${order} LIMIT p_limit);
       ELSIF cardinality(tags) = 0 THEN
         these := ARRAY(SELECT position FROM unnest(topics) AS wanted, LATERAL (
           SELECT notification_id AS position FROM ${t.events}
           WHERE topic COLLATE "C" = wanted AND notification_id > p_after AND notification_id <= up_to
           ORDER BY notification_id ${order} LIMIT p_limit) AS its ORDER BY position ${order} LIMIT p_limit);
       ELSE
         SELECT tag INTO rarest FROM unnest(tags) AS given (tag), LATERAL (
           SELECT count(*) AS many FROM (SELECT 1 FROM ${t.tags} AS of_tag
             WHERE of_tag.tag = given.tag AND position > p_after AND position <= up_to LIMIT 1000) AS counted) AS its
         ORDER BY many LIMIT 1;
         these := ARRAY(SELECT position FROM ${t.tags} AS its
           WHERE tag = rarest AND position > p_after AND position <= up_to AND (topics IS NULL OR topic = ANY (topics))
             AND NOT EXISTS (SELECT 1 FROM unnest(tags) AS other WHERE other <> rarest AND NOT EXISTS (
               SELECT 1 FROM ${t.tags} AS of_other WHERE of_other.tag = other AND of_other.position = its.position))
           ORDER BY position ${order} LIMIT p_limit);
       END IF;
       positions := positions || these;
     END LOOP;
     RETURN QUERY SELECT DISTINCT position FROM unnest(positions) AS position ORDER BY position ${order} LIMIT p_limit;
   END $$`
}
