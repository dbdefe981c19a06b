package contacts

import "parley/projections"

// maskedSnapshots shows the parts of each agent's snapshot that my_contacts needs.
var maskedSnapshots = projections.Values(projections.Object(map[string]projections.Mask{
	"at": projections.Clear,
	"details": projections.Object(map[string]projections.Mask{
		"firstName": projections.Name,
		"lastName":  projections.Name,
		"phones":    projections.List(projections.Phone),
		"emails":    projections.List(projections.Email),
		"fields":    projections.Values(projections.FreeText),
	}),
}))

// myContacts has a row for each contact and agent who handled it.
const myContacts = `
SELECT s.agent_id, c.id, c.list_id, s.snapshot->'details'->>'firstName' AS first_name,
	s.snapshot->'details'->>'lastName' AS last_name, s.snapshot->'details'->'phones' AS phones,
	s.snapshot->'details'->'emails' AS emails, s.snapshot->'details'->'fields' AS fields,
	(s.snapshot->>'at')::timestamptz AS managed_at, c.managed_by
FROM {view:contacts} c
CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(c.snapshots) WHEN 'object' THEN c.snapshots ELSE '{}' END)
	AS s (agent_id, snapshot)`

// matchContacts finds contacts by a whole name, number or email address. The program counts and records its
// use. Masked lists are sorted by id, since an order by name would reveal names.
const matchContacts = `
CREATE OR REPLACE FUNCTION masked.match_contacts(whole text, phone_key text, lists text[], everything bool) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $match$
	SELECT id FROM {table:contacts_v2} c
	WHERE (everything OR c.list_id = ANY(lists)) AND merged_into = '' AND NOT erased AND whole <> ''
		AND (c.name_text LIKE replace(replace(replace(whole, '\', '\\'), '%', '\%'), '_', '\_') || E'\n%'
			OR phone_key <> '' AND c.phone_keys @> ARRAY[phone_key]
			OR whole LIKE '%@%' AND c.email_text LIKE '%' || replace(replace(replace(whole, '\', '\\'), '%', '\%'), '_', '\_') || '%'
				AND whole = ANY (string_to_array(c.email_text, E'\n')))
	LIMIT 100
$match$`
