-- +goose Up
-- What masked viewers see instead of a value. mode is NONE, PARTIAL (the last n characters stay, at most half) or FULL.
-- A missing mode counts as FULL, so nothing is revealed if the policy cannot be read. The result does not reveal the length.
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

-- The domain reveals where a person works, so it is hidden too.
CREATE FUNCTION masked.mask_email(value text, mode text, n integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN value IS NULL OR value = '' OR mode = 'NONE' THEN value
    WHEN mode = 'PARTIAL' THEN '•••' || masked.tail(split_part(value, '@', 1), n) || '@•••'
    ELSE '•••'
END;

-- Numbers of seven or more digits, in any grouping and any script that customers write in.
CREATE FUNCTION masked.hide_numbers(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(value,
    '[+＋]?[0-9٠-٩۰-۹०-९০-৯０-９](?:[[:space:]  ‐-―.()/_\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069-]*[0-9٠-٩۰-۹०-९০-৯０-９]){6,}', '•••', 'g');

CREATE FUNCTION masked.hide_emails(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(value, '[^[:space:]@<>()\[\]",;:]+[[:space:]]*[@＠][[:space:]]*[^[:space:]@<>()\[\]",;:]+', '•••', 'g');

CREATE FUNCTION masked.mask_text(value text, phone_mode text, email_mode text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN value IS NULL OR value = '' OR phone_mode = 'NONE' AND email_mode = 'NONE' THEN value
    WHEN phone_mode = 'NONE' THEN masked.hide_emails(value)
    WHEN email_mode = 'NONE' THEN masked.hide_numbers(value)
    ELSE masked.hide_numbers(masked.hide_emails(value))
END;

-- One mode for numbers and email addresses. Matches are hidden entirely, so n does not matter.
CREATE FUNCTION masked.mask_text(value text, mode text, n integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN masked.mask_text(value, mode, mode);
-- +goose StatementEnd

-- Passwords of the database roles for masked viewers and analysts. The program generates them.
CREATE TABLE ops.database_roles (
    role     text PRIMARY KEY,
    password text NOT NULL
);
