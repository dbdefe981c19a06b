package messages

const schema = `
CREATE TABLE {table:messages_v2} (
	id text PRIMARY KEY,
	interaction_id text NOT NULL,
	position int8 NOT NULL,
	author text NOT NULL,
	by text NOT NULL,
	kind text NOT NULL,
	text text NOT NULL,
	quoted_id text NOT NULL,
	forwarded bool NOT NULL,
	edited bool NOT NULL,
	revoked bool NOT NULL,
	erased bool NOT NULL,
	private bool NOT NULL,
	media_state text NOT NULL,
	media_id text NOT NULL,
	blob_id text NOT NULL,
	blob_key bytea,
	mime_type text NOT NULL,
	file_name text NOT NULL,
	size int8 NOT NULL,
	animated bool NOT NULL,
	location jsonb,
	cards jsonb,
	reactions jsonb,
	status text NOT NULL,
	failure text NOT NULL,
	failure_code text NOT NULL,
	retried_by text NOT NULL,
	provider_tag text NOT NULL,
	sent_at timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL,
	accepted_at timestamptz,
	delivered_at timestamptz,
	read_at timestamptz,
	details jsonb,
	items jsonb,
	referral jsonb,
	product jsonb
) WITH (fillfactor = 90);
`

// The words of masked texts have an index of their own, for the few texts that masking can change at all.
const indexes = `
CREATE INDEX {index:messages_v2}_words ON {table:messages_v2} USING gin (to_tsvector('simple'::regconfig, text))
	WHERE text <> '' AND author <> 'WHISPER';
CREATE INDEX {index:messages_v2}_page ON {table:messages_v2} (interaction_id, position);
CREATE INDEX {index:messages_v2}_provider_tag ON {table:messages_v2} (provider_tag) WHERE provider_tag <> '';
CREATE INDEX {index:messages_v2}_recorded ON {table:messages_v2} (recorded_at);
CREATE INDEX {index:messages_v2}_masked_words ON {table:messages_v2} USING gin (to_tsvector('simple'::regconfig, masked.mask_text(text, 'FULL', 'FULL')))
	WHERE private AND text <> '' AND author <> 'WHISPER';
`

const views = `
CREATE OR REPLACE VIEW app.messages AS SELECT * FROM {table:messages_v2};
CREATE OR REPLACE VIEW app.message_words AS
SELECT id, interaction_id, recorded_at, private, lower(text) AS text, to_tsvector('simple'::regconfig, text) AS words
FROM {table:messages_v2} WHERE text <> '' AND author <> 'WHISPER';

CREATE OR REPLACE VIEW masked.messages AS
SELECT m.id, m.interaction_id, m.position, m.author, m.by, m.kind,
	masked.mask_text(m.text, p.mask_phone_mode, p.mask_mail_mode) AS text,
	m.quoted_id, m.forwarded, m.edited, m.revoked, m.erased, m.private, m.media_state,
	''::text AS media_id, m.blob_id, NULL::bytea AS blob_key, m.mime_type,
	masked.mask_text(m.file_name, p.mask_phone_mode, p.mask_mail_mode) AS file_name,
	m.size, m.animated,
	CASE WHEN jsonb_typeof(m.location) = 'object' THEN m.location || jsonb_build_object(
		'name', masked.mask_text(coalesce(m.location->>'name', ''), p.mask_phone_mode, p.mask_mail_mode),
		'address', masked.mask_text(coalesce(m.location->>'address', ''), p.mask_phone_mode, p.mask_mail_mode)) END AS location,
	CASE WHEN jsonb_typeof(m.cards) = 'array' THEN (
		SELECT jsonb_agg(jsonb_build_object(
			'name', masked.mask_name(card->>'name', p.mask_name_mode, p.mask_name_keep),
			'phones', (SELECT coalesce(jsonb_agg(masked.mask_phone(n, p.mask_phone_mode, p.mask_phone_keep)), '[]') FROM jsonb_array_elements_text(card->'phones') n),
			'mails', (SELECT coalesce(jsonb_agg(masked.mask_mail(n, p.mask_mail_mode, p.mask_mail_keep)), '[]') FROM jsonb_array_elements_text(card->'mails') n)))
		FROM jsonb_array_elements(m.cards) card) END AS cards,
	m.reactions, m.status, m.failure, m.failure_code, m.retried_by, ''::text AS provider_tag,
	m.sent_at, m.recorded_at, m.accepted_at, m.delivered_at, m.read_at,
	CASE WHEN jsonb_typeof(m.details) = 'array' THEN (
		SELECT jsonb_agg(jsonb_build_object(
			'label', masked.mask_text(detail->>'label', p.mask_phone_mode, p.mask_mail_mode),
			'value', masked.mask_text(detail->>'value', p.mask_phone_mode, p.mask_mail_mode)) ORDER BY place)
		FROM jsonb_array_elements(m.details) WITH ORDINALITY d(detail, place)) END AS details,
	CASE WHEN jsonb_typeof(m.items) = 'array' THEN (
		SELECT jsonb_agg(jsonb_build_object(
			'productId', masked.mask_text(item->>'productId', p.mask_phone_mode, p.mask_mail_mode),
			'quantity', item->'quantity',
			'price', masked.mask_text(item->>'price', p.mask_phone_mode, p.mask_mail_mode),
			'currency', masked.mask_text(item->>'currency', p.mask_phone_mode, p.mask_mail_mode)) ORDER BY place)
		FROM jsonb_array_elements(m.items) WITH ORDINALITY i(item, place)) END AS items,
	CASE WHEN jsonb_typeof(m.referral) = 'object' THEN jsonb_build_object(
		'type', masked.mask_text(m.referral->>'type', p.mask_phone_mode, p.mask_mail_mode),
		'headline', masked.mask_text(m.referral->>'headline', p.mask_phone_mode, p.mask_mail_mode),
		'body', masked.mask_text(m.referral->>'body', p.mask_phone_mode, p.mask_mail_mode),
		'url', CASE WHEN masked.mask_text(m.referral->>'url', p.mask_phone_mode, p.mask_mail_mode) = m.referral->>'url' THEN m.referral->>'url' ELSE '' END) END AS referral,
	CASE WHEN jsonb_typeof(m.product) = 'object' THEN jsonb_build_object(
		'catalogId', masked.mask_text(m.product->>'catalogId', p.mask_phone_mode, p.mask_mail_mode),
		'id', masked.mask_text(m.product->>'id', p.mask_phone_mode, p.mask_mail_mode)) END AS product
FROM {table:messages_v2} m CROSS JOIN app.masking p;

CREATE OR REPLACE VIEW masked.message_words AS
SELECT id, interaction_id, recorded_at, false AS private, lower(text) AS text, to_tsvector('simple'::regconfig, text) AS words
FROM {table:messages_v2} WHERE NOT private AND text <> '' AND author <> 'WHISPER'
UNION ALL
SELECT id, interaction_id, recorded_at, true AS private, lower(masked.mask_text(text, 'FULL', 'FULL')) AS text,
	to_tsvector('simple'::regconfig, masked.mask_text(text, 'FULL', 'FULL')) AS words
FROM {table:messages_v2} WHERE private AND text <> '' AND author <> 'WHISPER';
`
