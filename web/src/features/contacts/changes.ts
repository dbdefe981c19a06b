export type Editable = {
  id: string;
  firstName: string;
  lastName: string;
  phones: readonly string[];
  emails: readonly string[];
  tags: readonly string[];
  fields: readonly { key: string; label: string; value: string }[];
};

const lines = (text: string) =>
  text
    .split("\n")
    .map((l) => l.trim())
    .filter(Boolean);
const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((x, i) => x === b[i]);

/**
 * Returns the fields that differ from what was shown. Unchanged fields are left out, so that a masked value is never
 * written back.
 */
export function changes(before: Editable, form: (key: string) => string) {
  const phones = lines(form("phones"));
  const emails = lines(form("emails"));
  const tags = form("tags")
    .split(",")
    .map((x) => x.trim())
    .filter(Boolean);
  const fields = before.fields.flatMap((f) =>
    form(`field.${f.key}`) === f.value ? [] : [{ key: f.key, value: form(`field.${f.key}`) }],
  );
  return {
    ...(form("firstName") === before.firstName ? {} : { firstName: form("firstName") }),
    ...(form("lastName") === before.lastName ? {} : { lastName: form("lastName") }),
    ...(same(phones, before.phones) ? {} : { phones }),
    ...(same(emails, before.emails) ? {} : { emails }),
    ...(same(tags, before.tags) ? {} : { tags }),
    ...(fields.length > 0 ? { fields } : {}),
  };
}

export type Changes = ReturnType<typeof changes>;

/** Returns the changes that undo the given ones. */
export function undoOf(before: Editable, made: Changes): Changes {
  const fields = made.fields?.map(({ key }) => ({ key, value: before.fields.find((f) => f.key === key)?.value ?? "" }));
  return {
    ...(made.firstName === undefined ? {} : { firstName: before.firstName }),
    ...(made.lastName === undefined ? {} : { lastName: before.lastName }),
    ...(made.phones === undefined ? {} : { phones: [...before.phones] }),
    ...(made.emails === undefined ? {} : { emails: [...before.emails] }),
    ...(made.tags === undefined ? {} : { tags: [...before.tags] }),
    ...(fields ? { fields } : {}),
  };
}

/** What a form shows in its edited fields, by the name of each. */
export type Edits = readonly { key: string; value: string }[];

/** Returns what a form shows in a field before anyone edits it. */
export function shown(before: Editable, key: string): string {
  switch (key) {
    case "firstName":
      return before.firstName;
    case "lastName":
      return before.lastName;
    case "phones":
      return before.phones.join("\n");
    case "emails":
      return before.emails.join("\n");
    case "tags":
      return before.tags.join(", ");
    default:
      return before.fields.find((f) => `field.${f.key}` === key)?.value ?? "";
  }
}

/** Returns the fields of a form that were edited, as they are now. Others may change elsewhere meanwhile. */
export function edits(before: Editable, form: (key: string) => string): Edits {
  const keys = ["firstName", "lastName", "phones", "emails", "tags", ...before.fields.map((f) => `field.${f.key}`)];
  return keys.flatMap((key) => (form(key) === shown(before, key) ? [] : [{ key, value: form(key) }]));
}

export function sameEdits(a: Edits, b: Edits): boolean {
  return a.length === b.length && a.every((f, n) => f.key === b[n]?.key && f.value === b[n]?.value);
}
