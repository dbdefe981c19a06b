package interactions

// Every new message updates all indexes over last_message_at, so there is exactly one for each way into the
// list. They ascend, although lists descend: Postgres adds new times at the right end more cheaply.
const indexes = `
CREATE INDEX {index:interactions_v3}_last ON {table:interactions_v3} (last_message_at, id);
CREATE INDEX {index:interactions_v3}_open ON {table:interactions_v3} (last_message_at, id) WHERE status = 'OPEN';
CREATE INDEX {index:interactions_v3}_account ON {table:interactions_v3} (account_id, last_message_at, id);
CREATE INDEX {index:interactions_v3}_queue ON {table:interactions_v3} (queue_id, account_id, last_message_at, id);
CREATE INDEX {index:interactions_v3}_owner ON {table:interactions_v3} (owner_id, account_id, last_message_at, id);
CREATE INDEX {index:interactions_v3}_first_owner ON {table:interactions_v3}
	(first_owner_id, account_id, last_message_at, id);
CREATE INDEX {index:interactions_v3}_unread ON {table:interactions_v3} (last_message_at, id)
	WHERE status = 'OPEN' AND (unread > 0 OR returned_unread);
CREATE INDEX {index:interactions_v3}_waiting ON {table:interactions_v3} (last_message_at, id)
	WHERE status = 'OPEN' AND owner_id = '';
CREATE INDEX {index:interactions_v3}_window ON {table:interactions_v3} (last_inbound_at, id) WHERE status = 'OPEN';
CREATE INDEX {index:interactions_v3}_long ON {table:interactions_v3} (started_at) WHERE ` + isLong + `;
CREATE INDEX {index:interactions_v3}_joined ON {table:interactions_v3} (closed_at) WHERE joined_into <> '';
CREATE INDEX {index:interaction_customers_v3}_conversation ON {table:interaction_customers_v3}
	(account_id, address_id, number DESC);
CREATE INDEX {index:interaction_customers_v3}_unmanaged ON {table:interaction_customers_v3} (account_id, address_id, number)
	WHERE inbound AND NOT managed;
CREATE INDEX {index:interaction_customers_v3}_contact ON {table:interaction_customers_v3} (contact_id, started_at DESC, interaction_id)
	WHERE contact_id <> '';
CREATE INDEX {index:interaction_customers_v3}_address ON {table:interaction_customers_v3} (address_id) WHERE contact_id <> '';
CREATE INDEX {index:interaction_customers_v3}_started ON {table:interaction_customers_v3}
	(started_at DESC, interaction_id DESC);
CREATE INDEX {index:interaction_customers_v3}_name ON {table:interaction_customers_v3} USING gin
	(name_text gin_trgm_ops);
CREATE INDEX {index:interaction_customers_v3}_grams ON {table:interaction_customers_v3} USING gin (name_grams);
CREATE INDEX {index:interaction_customers_v3}_phone ON {table:interaction_customers_v3} USING gin
	(phone_text gin_trgm_ops);
CREATE INDEX {index:interaction_tags_v3}_interaction ON {table:interaction_tags_v3} (interaction_id);
`

// matchCustomers finds interactions by a customer's whole name or number. The program counts and records its
// use.
const matchCustomers = `
CREATE OR REPLACE FUNCTION masked.match_customers(whole text, phone_key text) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $match$
	SELECT interaction_id FROM {table:interaction_customers_v3}
	WHERE whole <> '' AND name_text LIKE replace(replace(replace(whole, '\', '\\'), '%', '\%'), '_', '\_') || E'\n%'
	UNION
	SELECT interaction_id FROM {table:interaction_customers_v3}
	WHERE phone_key <> '' AND phone_text LIKE '%' || phone_key AND phone_key = ANY (string_to_array(phone_text, ' '))
	LIMIT 1000
$match$`

// hideCustomer hides the names of an interaction's customer within a text: the name and username they use on WhatsApp,
// and the names of their contact, also of one that it was merged into.
const hideCustomer = `
CREATE OR REPLACE FUNCTION masked.hide_customer(value text, interaction text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog, public AS $hide$
DECLARE
	names text[];
BEGIN
	IF (SELECT mask_name_mode FROM app.masking) = 'NONE' THEN
		RETURN value;
	END IF;
	SELECT ARRAY[k.name, k.username] || ARRAY(
		SELECT unnest(ARRAY[c.first_name, c.last_name]) FROM app.contacts c
		WHERE c.id = k.contact_id OR c.family @> ARRAY[k.contact_id] AND c.family <> '{}') INTO names
	FROM {table:interaction_customers_v3} k WHERE k.interaction_id = interaction;
	RETURN masked.hide_names(value, names);
END
$hide$`

// hideWords removes the customer's names from the words of a message, so that masked viewers cannot find it
// by them. In scripts written without spaces it removes every word that has a character of the names.
const hideWords = `
CREATE OR REPLACE FUNCTION masked.hide_words(words text, interaction text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog, public AS $hide$
DECLARE
	names text[];
BEGIN
	IF (SELECT mask_name_mode FROM app.masking) = 'NONE' THEN
		RETURN words;
	END IF;
	SELECT k.name_words || ARRAY(
		SELECT unnest(c.name_words) FROM app.contacts c
		WHERE c.id = k.contact_id OR c.family @> ARRAY[k.contact_id] AND c.family <> '{}') INTO names
	FROM {table:interaction_customers_v3} k WHERE k.interaction_id = interaction;
	RETURN (SELECT ' ' || string_agg(w, ' ' ORDER BY n) || ' '
		FROM unnest(string_to_array(btrim(words), ' ')) WITH ORDINALITY AS u (w, n)
		WHERE NOT EXISTS (SELECT FROM unnest(names) AS h (name)
			WHERE w = name OR char_length(name) = 1 AND strpos(w, name) > 0));
END
$hide$`
