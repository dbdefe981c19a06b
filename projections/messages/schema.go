package messages

// Private texts have a second word index, for masked viewers.
const indexes = `
CREATE INDEX {index:messages_v3}_words ON {table:messages_v3} USING gin (array_to_tsvector(string_to_array(btrim(words), ' ')))
	WHERE words <> '';
CREATE INDEX {index:messages_v3}_page ON {table:messages_v3} (interaction_id, position);
CREATE INDEX {index:messages_v3}_provider_tag ON {table:messages_v3} (provider_tag) WHERE provider_tag <> '';
CREATE INDEX {index:messages_v3}_unknown ON {table:messages_v3} (interaction_id) WHERE status = 'UNKNOWN';
CREATE INDEX {index:messages_v3}_recorded ON {table:messages_v3} (recorded_at);
CREATE INDEX {index:messages_v3}_masked_words ON {table:messages_v3} USING gin
	(array_to_tsvector(string_to_array(btrim(masked_words), ' '))) WHERE masked_words <> '';
`

// Searches find messages by their words. Whispers have none.
const words = `
SELECT id, interaction_id, recorded_at, private, words AS text,
	array_to_tsvector(string_to_array(btrim(words), ' ')) AS words
FROM {table:messages_v3} WHERE words <> ''`

// A text that is not private has the same words for masked viewers. Names are still in them, so only the program reads
// them: it may call the function that takes names out, and analysts may not.
const maskedWords = `
SELECT id, interaction_id, recorded_at, false AS private, {clear:messages_v3.words} AS text,
	array_to_tsvector(string_to_array(btrim({clear:messages_v3.words}), ' ')) AS words
FROM {table:messages_v3} WHERE NOT private AND {clear:messages_v3.words} <> ''` + byTheProgram + `
UNION ALL
SELECT id, interaction_id, recorded_at, true AS private, {clear:messages_v3.masked_words} AS text,
	array_to_tsvector(string_to_array(btrim({clear:messages_v3.masked_words}), ' ')) AS words
FROM {table:messages_v3} WHERE private AND {clear:messages_v3.masked_words} <> ''` + byTheProgram

const byTheProgram = ` AND has_function_privilege(to_regprocedure('masked.hide_words(text, text)'), 'EXECUTE')`
