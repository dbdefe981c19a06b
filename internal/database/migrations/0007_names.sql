-- +goose Up
-- Hides the words of names within a text. A word counts whatever its case, and with or without its accents; a single
-- letter does not. Scripts that write words without spaces between them are searched within words too.
-- +goose StatementBegin
CREATE FUNCTION masked.hide_names(value text, names text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $hide$
DECLARE
    separator constant text := '\u0001-\u0040\u005B-\u0060\u007B-\u00BF\u2000-\u206F\u3000-\u303F\uFF00-\uFF0F';
    spaced text;
    unspaced text;
BEGIN
    SELECT string_agg(DISTINCT w, '|') FILTER (WHERE w !~ '[\u0E00-\u0E7F\u2E80-\uFFEF]'),
           string_agg(DISTINCT w, '|') FILTER (WHERE w ~ '[\u0E00-\u0E7F\u2E80-\uFFEF]')
    INTO spaced, unspaced
    FROM unnest(names) AS n (name)
    CROSS JOIN LATERAL (VALUES (n.name), (regexp_replace(normalize(n.name, NFKD), '[\u0300-\u036F]', '', 'g'))) AS s (spelling)
    CROSS JOIN LATERAL regexp_split_to_table(lower(s.spelling), '[' || separator || ']+') AS w
    WHERE char_length(w) > 1;
    IF spaced IS NOT NULL THEN
        value := regexp_replace(value,
            '(?<![^' || separator || '])(?:' || spaced || ')(?![^' || separator || '])', '•••', 'gi');
    END IF;
    IF unspaced IS NOT NULL THEN
        value := regexp_replace(value, unspaced, '•••', 'gi');
    END IF;
    RETURN value;
END
$hide$;

-- Hides a customer's names within a text of their interaction. The read model of interactions replaces this function
-- by one that knows the names; until then it hides the text.
CREATE FUNCTION masked.hide_customer(value text, interaction text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN '•••';
-- +goose StatementEnd
