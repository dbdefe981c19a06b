package messages

// Masked texts have a word index of their own, only for the few texts that masking can change.
const indexes = `
CREATE INDEX {index:messages_v2}_words ON {table:messages_v2} USING gin (to_tsvector('simple'::regconfig, text))
	WHERE text <> '' AND author <> 'WHISPER';
CREATE INDEX {index:messages_v2}_page ON {table:messages_v2} (interaction_id, position);
CREATE INDEX {index:messages_v2}_provider_tag ON {table:messages_v2} (provider_tag) WHERE provider_tag <> '';
CREATE INDEX {index:messages_v2}_unknown ON {table:messages_v2} (interaction_id) WHERE status = 'UNKNOWN';
CREATE INDEX {index:messages_v2}_recorded ON {table:messages_v2} (recorded_at);
CREATE INDEX {index:messages_v2}_masked_words ON {table:messages_v2} USING gin (to_tsvector('simple'::regconfig, {full:messages_v2.text}))
	WHERE private AND text <> '' AND author <> 'WHISPER';
`

// The search covers what agents can read. A whisper is never found by its words.
const words = `
SELECT id, interaction_id, recorded_at, private, lower(text) AS text, to_tsvector('simple'::regconfig, text) AS words
FROM {table:messages_v2} WHERE text <> '' AND author <> 'WHISPER'`

// A text that is not private is the same for masked viewers.
const maskedWords = `
SELECT id, interaction_id, recorded_at, false AS private, lower({clear:messages_v2.text}) AS text,
	to_tsvector('simple'::regconfig, {clear:messages_v2.text}) AS words
FROM {table:messages_v2} WHERE NOT private AND {clear:messages_v2.text} <> '' AND author <> 'WHISPER'
UNION ALL
SELECT id, interaction_id, recorded_at, true AS private, lower({full:messages_v2.text}) AS text,
	to_tsvector('simple'::regconfig, {full:messages_v2.text}) AS words
FROM {table:messages_v2} WHERE private AND {clear:messages_v2.text} <> '' AND author <> 'WHISPER'`
