import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import { formatList, useLocale } from "@/i18n/locale";
import { Field, TextArea } from "@/ui/Field";
import { readFields, writeFields } from "./fields";
import { Section } from "./Section";

const Lists = graphql(`
  query SettingsLists {
    lists {
      id
      name
      description
      dialPrefix
      archived
      fields {
        key
        label
        type
        required
        options
      }
    }
  }
`);
const Save = graphql(`
  mutation SaveList($input: SaveListInput!) {
    saveList(input: $input) {
      list {
        id
      }
    }
  }
`);

/** Contact lists and their custom fields. */
export function ListsSection() {
  const { t } = useTranslation();
  const locale = useLocale();
  const [{ data, error }] = useQuery({ query: Lists });
  const save = useCommand(Save, true);
  return (
    <Section
      title={t("settings.lists")}
      newLabel={t("settings.new.lists")}
      items={data?.lists}
      error={error}
      name={(l) => l.name}
      columns={[
        { label: t("settings.field.description"), cell: (l) => l.description },
        {
          label: t("settings.field.fields"),
          cell: (l) =>
            formatList(
              l.fields.map((f) => f.label),
              locale,
            ),
        },
      ]}
      form={(l) => (
        <>
          <Field label={t("common.name")} name="name" defaultValue={l?.name} required />
          <Field label={t("settings.field.description")} name="description" defaultValue={l?.description ?? ""} />
          <Field
            label={t("settings.field.dialPrefix")}
            hint={t("settings.field.dialPrefixHint")}
            name="dialPrefix"
            inputMode="numeric"
            pattern="[0-9]{1,5}"
            maxLength={5}
            defaultValue={l?.dialPrefix ?? ""}
          />
          <TextArea
            label={t("settings.field.fields")}
            hint={t("settings.field.fieldsHint")}
            name="fields"
            defaultValue={writeFields(l?.fields ?? [])}
            rows={5}
            className="col-span-full font-mono"
          />
        </>
      )}
      save={(form, l) =>
        save({
          ...(l ? { id: l.id } : {}),
          name: form.text("name"),
          description: form.optional("description"),
          dialPrefix: form.optional("dialPrefix"),
          fields: readFields(form.text("fields")),
        })
      }
    />
  );
}
