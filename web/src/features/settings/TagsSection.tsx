import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import { Dot } from "@/ui/Dot";
import { Field, Select } from "@/ui/Field";
import { Section } from "./Section";

const Tags = graphql(`
  query SettingsTags {
    tags {
      id
      name
      color
      archived
    }
  }
`);
const Save = graphql(`
  mutation SaveTag($input: SaveTagInput!) {
    saveTag(input: $input) {
      tag {
        id
      }
    }
  }
`);

const palette = ["grey", "red", "orange", "amber", "yellow", "green", "teal", "blue", "violet", "pink", "rose"];

/** The tags agents can choose from. */
export function TagsSection() {
  const { t } = useTranslation();
  const [{ data, error }] = useQuery({ query: Tags });
  const save = useCommand(Save, true);
  return (
    <Section
      title={t("settings.tags")}
      newLabel={t("settings.new.tags")}
      items={data?.tags}
      error={error}
      name={(x) => x.name}
      columns={[
        {
          label: t("settings.field.color"),
          cell: (x) => (
            <span className="inline-flex items-center gap-1.5">
              <Dot color={x.color} />
              {x.color}
            </span>
          ),
        },
      ]}
      form={(x) => (
        <>
          <Field label={t("common.name")} name="name" defaultValue={x?.name} required />
          <Select label={t("settings.field.color")} name="color" defaultValue={x?.color ?? "grey"}>
            {[...new Set([...palette, x?.color ?? "grey"])].map((c) => (
              <option key={c}>{c}</option>
            ))}
          </Select>
        </>
      )}
      save={(form, x) => save({ ...(x ? { id: x.id } : {}), name: form.text("name"), color: form.text("color") })}
    />
  );
}
