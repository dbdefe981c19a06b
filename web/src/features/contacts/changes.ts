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
