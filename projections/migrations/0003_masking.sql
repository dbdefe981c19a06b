-- +goose Up
-- What masked viewers get instead of a value. mode is NONE, PARTIAL (the last n characters stay, at most half) or FULL; a missing
-- mode counts as FULL, so nothing shows when the policy cannot be read. The length of what is hidden does not show.
-- +goose StatementBegin
CREATE FUNCTION masked.tail(value text, n integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN n > 0 THEN right(value, least(n, char_length(value) / 2)) ELSE '' END;

CREATE FUNCTION masked.mask_name(value text, mode text, n integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN value IS NULL OR value = '' OR mode = 'NONE' THEN value
    WHEN mode = 'PARTIAL' THEN '•••' || masked.tail(value, n)
    ELSE '•••'
END;

CREATE FUNCTION masked.mask_phone(value text, mode text, n integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN value IS NULL OR value = '' OR mode = 'NONE' THEN value
    WHEN mode = 'PARTIAL' THEN '•••' || masked.tail(regexp_replace(value, '[^0-9]', '', 'g'), n)
    ELSE '•••'
END;

-- The domain says where somebody works, so it is hidden too.
CREATE FUNCTION masked.mask_mail(value text, mode text, n integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN value IS NULL OR value = '' OR mode = 'NONE' THEN value
    WHEN mode = 'PARTIAL' THEN '•••' || masked.tail(split_part(value, '@', 1), n) || '@•••'
    ELSE '•••'
END;

-- Numbers of seven digits and more, however they are grouped, in the digits customers write with.
CREATE FUNCTION masked.hide_numbers(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(value,
    '[+＋]?[0-9٠-٩۰-۹०-९০-৯０-９](?:[[:space:]  ‐-―.()/_\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069-]*[0-9٠-٩۰-۹०-९০-৯０-９]){6,}', '•••', 'g');

CREATE FUNCTION masked.hide_mails(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(value, '[^[:space:]@<>()\[\]",;:]+[[:space:]]*[@＠][[:space:]]*[^[:space:]@<>()\[\]",;:]+', '•••', 'g');

CREATE FUNCTION masked.mask_text(value text, phone_mode text, mail_mode text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN value IS NULL OR value = '' OR phone_mode = 'NONE' AND mail_mode = 'NONE' THEN value
    WHEN phone_mode = 'NONE' THEN masked.hide_mails(value)
    WHEN mail_mode = 'NONE' THEN masked.hide_numbers(value)
    ELSE masked.hide_numbers(masked.hide_mails(value))
END;

-- One mode for both; nothing found is kept, so n does not matter.
CREATE FUNCTION masked.mask_text(value text, mode text, n integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN masked.mask_text(value, mode, mode);
-- +goose StatementEnd

-- Passwords of the database roles that masked viewers and analysts are served by. The program makes them.
CREATE TABLE ops.database_roles (
    role     text PRIMARY KEY,
    password text NOT NULL
);
