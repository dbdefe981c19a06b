package interactions

const schema = `
CREATE TABLE {table:interactions_v1} (
	id text PRIMARY KEY,
	account_id text NOT NULL,
	address_id text NOT NULL,
	channel text NOT NULL,
	queue_id text NOT NULL,
	number int4 NOT NULL,
	previous_id text NOT NULL,
	origin text NOT NULL,
	opened_by text NOT NULL,
	status text NOT NULL,
	contact_id text NOT NULL,
	customer_name text NOT NULL,
	customer_phone text NOT NULL,
	customer_username text NOT NULL,
	owner_id text NOT NULL,
	first_owner_id text NOT NULL,
	last_owner_id text NOT NULL,
	waiting_since timestamptz,
	started_at timestamptz NOT NULL,
	accepted_at timestamptz,
	closed_at timestamptz,
	closed_by text NOT NULL,
	last_message_at timestamptz NOT NULL,
	last_message_id text NOT NULL,
	last_message_direction text NOT NULL,
	last_message_status text NOT NULL,
	last_customer_message_id text NOT NULL,
	last_inbound_at timestamptz,
	preview text NOT NULL,
	inbound int4 NOT NULL,
	unread int4 NOT NULL,
	returned_unread bool NOT NULL,
	unseen text[],
	tags text[],
	disposition_id text NOT NULL,
	disposition_path text[],
	transfer_id text NOT NULL,
	transfer_to text[],
	offers text[],
	offered_to text[],
	agents text[]
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

CREATE TABLE {table:interaction_customers_v1} (
	interaction_id text PRIMARY KEY,
	account_id text NOT NULL,
	address_id text NOT NULL,
	number int4 NOT NULL,
	inbound bool NOT NULL,
	managed bool NOT NULL,
	contact_id text NOT NULL,
	name text NOT NULL,
	phone text NOT NULL,
	username text NOT NULL,
	name_text text NOT NULL,
	started_at timestamptz NOT NULL
);

CREATE TABLE {table:interaction_tags_v1} (
	tag text NOT NULL,
	interaction_id text NOT NULL,
	PRIMARY KEY (tag, interaction_id)
);
`

// Every index over last_message_at is written for every message, so there is one for each way into the list and no more. They
// ascend, though lists descend: new times go to the right end of each, where Postgres adds them for less.
const indexes = `
CREATE INDEX {index:interactions_v1}_last ON {table:interactions_v1} (last_message_at, id);
CREATE INDEX {index:interactions_v1}_open ON {table:interactions_v1} (last_message_at, id) WHERE status = 'OPEN';
CREATE INDEX {index:interactions_v1}_account ON {table:interactions_v1} (account_id, last_message_at, id);
CREATE INDEX {index:interactions_v1}_queue ON {table:interactions_v1} (queue_id, account_id, last_message_at, id);
CREATE INDEX {index:interactions_v1}_owner ON {table:interactions_v1} (owner_id, account_id, last_message_at, id);
CREATE INDEX {index:interactions_v1}_first_owner ON {table:interactions_v1} (first_owner_id, account_id, last_message_at, id);
CREATE INDEX {index:interactions_v1}_unread ON {table:interactions_v1} (last_message_at, id) WHERE status = 'OPEN' AND (unread > 0 OR returned_unread);
CREATE INDEX {index:interactions_v1}_waiting ON {table:interactions_v1} (last_message_at, id) WHERE status = 'OPEN' AND owner_id = '';
CREATE INDEX {index:interactions_v1}_window ON {table:interactions_v1} (last_inbound_at, id) WHERE status = 'OPEN';
CREATE INDEX {index:interactions_v1}_long ON {table:interactions_v1} (started_at) WHERE ` + isLong + `;
CREATE INDEX {index:interaction_customers_v1}_conversation ON {table:interaction_customers_v1} (account_id, address_id, number DESC);
CREATE INDEX {index:interaction_customers_v1}_unmanaged ON {table:interaction_customers_v1} (account_id, address_id, number) WHERE inbound AND NOT managed;
CREATE INDEX {index:interaction_customers_v1}_contact ON {table:interaction_customers_v1} (contact_id, started_at DESC, interaction_id) WHERE contact_id <> '';
CREATE INDEX {index:interaction_customers_v1}_started ON {table:interaction_customers_v1} (started_at DESC, interaction_id DESC);
CREATE INDEX {index:interaction_customers_v1}_name ON {table:interaction_customers_v1} USING gin (name_text gin_trgm_ops);
CREATE INDEX {index:interaction_customers_v1}_phone ON {table:interaction_customers_v1} USING gin (phone gin_trgm_ops);
CREATE INDEX {index:interaction_tags_v1}_interaction ON {table:interaction_tags_v1} (interaction_id);
`

// match_customers finds interactions by a customer's whole name or number; it is for the program, which counts and records
// its use, and not for analysts.
const views = `
CREATE OR REPLACE VIEW app.interactions AS SELECT * FROM {table:interactions_v1};
CREATE OR REPLACE VIEW app.interaction_customers AS SELECT * FROM {table:interaction_customers_v1};
CREATE OR REPLACE VIEW app.interaction_tags AS SELECT * FROM {table:interaction_tags_v1};

CREATE OR REPLACE VIEW masked.interactions AS
SELECT i.id, i.account_id, i.address_id, i.channel, i.queue_id, i.number, i.previous_id, i.origin, i.opened_by, i.status, i.contact_id,
	masked.mask_name(i.customer_name, p.mask_name_mode, p.mask_name_keep) AS customer_name,
	masked.mask_phone(i.customer_phone, p.mask_phone_mode, p.mask_phone_keep) AS customer_phone,
	masked.mask_name(i.customer_username, p.mask_name_mode, p.mask_name_keep) AS customer_username,
	i.owner_id, i.first_owner_id, i.last_owner_id, i.waiting_since, i.started_at, i.accepted_at, i.closed_at, i.closed_by,
	i.last_message_at, i.last_message_id, i.last_message_direction, i.last_message_status, i.last_customer_message_id, i.last_inbound_at,
	masked.mask_text(i.preview, p.mask_phone_mode, p.mask_mail_mode) AS preview,
	i.inbound, i.unread, i.returned_unread, i.unseen, i.tags, i.disposition_id, i.disposition_path, i.transfer_id, i.transfer_to,
	i.offers, i.offered_to, i.agents
FROM {table:interactions_v1} i CROSS JOIN app.masking p;

CREATE OR REPLACE VIEW masked.interaction_customers AS
SELECT c.interaction_id, c.account_id, c.address_id, c.number, c.inbound, c.managed, c.contact_id,
	masked.mask_name(c.name, p.mask_name_mode, p.mask_name_keep) AS name,
	masked.mask_phone(c.phone, p.mask_phone_mode, p.mask_phone_keep) AS phone,
	masked.mask_name(c.username, p.mask_name_mode, p.mask_name_keep) AS username,
	''::text AS name_text, c.started_at
FROM {table:interaction_customers_v1} c CROSS JOIN app.masking p;

CREATE OR REPLACE VIEW masked.interaction_tags AS SELECT * FROM {table:interaction_tags_v1};

CREATE OR REPLACE FUNCTION masked.match_customers(whole text, digits text) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $match$
	SELECT interaction_id FROM {table:interaction_customers_v1}
	WHERE whole <> '' AND lower(name) = whole AND name_text LIKE replace(replace(replace(whole, '\', '\\'), '%', '\%'), '_', '\_') || '%'
	UNION
	SELECT interaction_id FROM {table:interaction_customers_v1}
	WHERE digits <> '' AND phone LIKE digits
	LIMIT 1000
$match$;
REVOKE EXECUTE ON FUNCTION masked.match_customers FROM PUBLIC;
DO $grant$
DECLARE
	r name;
BEGIN
	FOR r IN SELECT rolname FROM pg_roles WHERE has_schema_privilege(oid, 'masked', 'USAGE') AND NOT rolsuper AND rolname NOT LIKE 'parley\_analyst\_%' AND rolname NOT LIKE 'pg\_%' LOOP
		EXECUTE format('GRANT EXECUTE ON FUNCTION masked.match_customers TO %I', r);
	END LOOP;
END
$grant$;
`
