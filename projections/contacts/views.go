package contacts

// Masked lists are in the order of ids, since the order of names would tell about the names. match_contacts finds
// contacts by a whole name, number or mail address; it is for the program, which counts and records its use, and not for
// analysts.
const views = `
CREATE OR REPLACE VIEW app.contacts AS SELECT * FROM {table:contacts_v1};

CREATE OR REPLACE VIEW app.my_contacts AS
SELECT s.agent_id, c.id, c.list_id, s.snapshot->'details'->>'firstName' AS first_name, s.snapshot->'details'->>'lastName' AS last_name,
	s.snapshot->'details'->'phones' AS phones, s.snapshot->'details'->'mails' AS mails, s.snapshot->'details'->'fields' AS fields,
	(s.snapshot->>'at')::timestamptz AS managed_at, c.managed_by
FROM {table:contacts_v1} c
CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(c.snapshots) WHEN 'object' THEN c.snapshots ELSE '{}' END) AS s (agent_id, snapshot);

CREATE OR REPLACE VIEW masked.contacts AS
SELECT c.id, c.list_id, c.address_id, c.origin,
	masked.mask_name(c.first_name, p.mask_name_mode, p.mask_name_keep) AS first_name,
	masked.mask_name(c.last_name, p.mask_name_mode, p.mask_name_keep) AS last_name,
	ARRAY(SELECT masked.mask_phone(v, p.mask_phone_mode, p.mask_phone_keep) FROM unnest(c.phones) v) AS phones,
	ARRAY(SELECT masked.mask_mail(v, p.mask_mail_mode, p.mask_mail_keep) FROM unnest(c.mails) v) AS mails,
	'{}'::text[] AS user_ids,
	CASE WHEN jsonb_typeof(c.fields) = 'object' THEN (
		SELECT coalesce(jsonb_object_agg(f.key, masked.mask_text(f.value, p.mask_phone_mode, p.mask_mail_mode)), '{}') FROM jsonb_each_text(c.fields) f) END AS fields,
	c.tags, c.created_at, c.changed_at, c.merged_into, c.erased, NULL::jsonb AS merges, c.managed_by, NULL::jsonb AS snapshots,
	''::text COLLATE "C" AS sort_name, masked.mask_name(c.name, p.mask_name_mode, p.mask_name_keep) AS name,
	''::text AS phone_text, ''::text AS mail_text
FROM {table:contacts_v1} c CROSS JOIN app.masking p;

CREATE OR REPLACE VIEW masked.my_contacts AS
SELECT m.agent_id, m.id, m.list_id,
	masked.mask_name(m.first_name, p.mask_name_mode, p.mask_name_keep) AS first_name,
	masked.mask_name(m.last_name, p.mask_name_mode, p.mask_name_keep) AS last_name,
	to_jsonb(ARRAY(SELECT masked.mask_phone(v, p.mask_phone_mode, p.mask_phone_keep)
		FROM jsonb_array_elements_text(CASE jsonb_typeof(m.phones) WHEN 'array' THEN m.phones ELSE '[]' END) v)) AS phones,
	to_jsonb(ARRAY(SELECT masked.mask_mail(v, p.mask_mail_mode, p.mask_mail_keep)
		FROM jsonb_array_elements_text(CASE jsonb_typeof(m.mails) WHEN 'array' THEN m.mails ELSE '[]' END) v)) AS mails,
	CASE WHEN jsonb_typeof(m.fields) = 'object' THEN (
		SELECT coalesce(jsonb_object_agg(f.key, masked.mask_text(f.value, p.mask_phone_mode, p.mask_mail_mode)), '{}') FROM jsonb_each_text(m.fields) f) END AS fields,
	m.managed_at, m.managed_by
FROM app.my_contacts m CROSS JOIN app.masking p;

CREATE OR REPLACE FUNCTION masked.match_contacts(whole text, digits text, lists text[], everything bool) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $match$
	SELECT id FROM {table:contacts_v1} c
	WHERE (everything OR c.list_id = ANY(lists)) AND merged_into = '' AND NOT erased AND whole <> ''
		AND (c.name LIKE replace(replace(replace(whole, '\', '\\'), '%', '\%'), '_', '\_') AND c.name = whole
			OR digits <> '' AND c.phones @> ARRAY[digits]
			OR whole LIKE '%@%' AND c.mail_text LIKE '%' || replace(replace(replace(whole, '\', '\\'), '%', '\%'), '_', '\_') || '%'
				AND EXISTS (SELECT FROM unnest(c.mails) m WHERE lower(m) = whole))
	LIMIT 100
$match$;
REVOKE EXECUTE ON FUNCTION masked.match_contacts FROM PUBLIC;
DO $grant$
DECLARE
	r name;
BEGIN
	FOR r IN SELECT rolname FROM pg_roles WHERE has_schema_privilege(oid, 'masked', 'USAGE') AND NOT rolsuper AND rolname NOT LIKE 'parley\_analyst\_%' AND rolname NOT LIKE 'pg\_%' LOOP
		EXECUTE format('GRANT EXECUTE ON FUNCTION masked.match_contacts TO %I', r);
	END LOOP;
END
$grant$;
`
