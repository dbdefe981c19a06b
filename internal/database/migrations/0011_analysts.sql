-- +goose Up
-- Shows a text of an interaction in the masked views: to masked viewers without the customer's names. Analysts must not
-- call masked.hide_customer, with which they could try out names on customers; they get no text where names are hidden.
-- +goose StatementBegin
CREATE FUNCTION masked.show_text(value text, interaction text, mode text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $show$
BEGIN
    IF mode = 'NONE' OR value = '' THEN
        RETURN value;
    ELSIF has_function_privilege('masked.hide_customer(text, text)', 'EXECUTE') THEN
        RETURN masked.hide_customer(value, interaction);
    END IF;
    RETURN '•••';
END
$show$;
-- +goose StatementEnd
