import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import { Field, Select, TextArea } from "@/ui/Field";
import { Section } from "./Section";

const Canned = graphql(`
  query SettingsCanned {
    cannedAnswers {
      id
      shortcut
      title
      text
      accountId
      archived
    }
    accounts {
      id
      name
    }
  }
`);
const Save = graphql(`
  mutation SaveCannedAnswer($input: SaveCannedAnswerInput!) {
    saveCannedAnswer(input: $input) {
      cannedAnswer {
        id
      }
    }
  }
`);

/** Answers written once, found by `/` in the composer (R53). */
export function CannedSection() {
  const { t } = useTranslation();
  const [{ data, error }] = useQuery({ query: Canned });
  const save = useCommand(Save, true);
  return (
    <Section
      title={t("settings.canned")}
      items={data?.cannedAnswers}
      error={error}
      name={(c) => c.title}
      columns={[
        { label: t("settings.field.shortcut"), cell: (c) => `/${c.shortcut}` },
        {
          label: t("settings.field.account"),
          cell: (c) => data?.accounts.find((a) => a.id === c.accountId)?.name ?? t("settings.field.everyAccount"),
        },
      ]}
      form={(c) => (
        <>
          <Field label={t("settings.field.title")} name="title" defaultValue={c?.title} required />
          <Field label={t("settings.field.shortcut")} name="shortcut" defaultValue={c?.shortcut} required />
          <Select
            label={t("settings.field.account")}
            name="accountId"
            defaultValue={c?.accountId ?? ""}
            className="col-span-full"
          >
            <option value="">{t("settings.field.everyAccount")}</option>
            {(data?.accounts ?? []).map((a) => (
              <option key={a.id} value={a.id}>
                {a.name}
              </option>
            ))}
          </Select>
          <TextArea
            label={t("settings.field.text")}
            hint={`${t("settings.field.textHint")} {{customer.name}}, {{customer.firstName}}, {{agent.name}}`}
            name="text"
            defaultValue={c?.text}
            rows={6}
            required
            className="col-span-full"
          />
        </>
      )}
      save={(form, c) =>
        save({
          ...(c ? { id: c.id } : {}),
          shortcut: form.text("shortcut"),
          title: form.text("title"),
          text: form.text("text"),
          accountId: form.maybe("accountId"),
        })
      }
    />
  );
}
