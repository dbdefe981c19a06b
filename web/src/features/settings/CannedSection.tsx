import { Paperclip } from "lucide-react";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import { Field, Select, TextArea } from "@/ui/Field";
import { CannedFile } from "./CannedFile";
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
      attachmentId
      media {
        fileName
        mimeType
        size
        url
      }
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

const variables = ["contact.name", "contact.firstName", "contact.lastName", "agent.name", "account.name"] as const;

/** Prepared answers that agents insert by typing `/` in the composer. */
export function CannedSection() {
  const { t } = useTranslation();
  const [{ data, error }] = useQuery({ query: Canned });
  const save = useCommand(Save, true);
  return (
    <Section
      title={t("settings.canned")}
      newLabel={t("settings.new.canned")}
      items={data?.cannedAnswers}
      error={error}
      name={(c) => c.title}
      columns={[
        { label: t("settings.field.shortcut"), cell: (c) => `/${c.shortcut}` },
        {
          label: t("settings.field.text"),
          cell: (c) => <AnswerPreview text={c.text} file={c.media?.fileName ?? null} />,
        },
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
            hint={<Variables />}
            name="text"
            defaultValue={c?.text}
            rows={6}
            className="col-span-full"
          />
          <CannedFile
            name="attachmentId"
            stored={
              c?.media && c.attachmentId
                ? {
                    attachmentId: c.attachmentId,
                    fileName: c.media.fileName ?? "",
                    mimeType: c.media.mimeType ?? "",
                    size: c.media.size,
                    url: c.media.url,
                  }
                : null
            }
          />
        </>
      )}
      save={(form, c) =>
        save({
          ...(c ? { id: c.id } : {}),
          shortcut: form.text("shortcut"),
          title: form.text("title"),
          text: form.text("text"),
          accountId: form.optional("accountId"),
          attachmentId: form.optional("attachmentId"),
        })
      }
    />
  );
}

function AnswerPreview({ text, file }: { text: string; file: string | null }) {
  return (
    <span className="flex max-w-80 items-center gap-1.5">
      {file && <Paperclip size={13} className="shrink-0" aria-label={file} />}
      <span className="truncate">{text || file}</span>
    </span>
  );
}

/** Lists the variables a text may contain, with examples. */
function Variables() {
  const { t } = useTranslation();
  return (
    <>
      {t("settings.field.textHint")}
      <span className="mt-1 grid gap-x-3 gap-y-0.5 sm:grid-cols-[auto_1fr]">
        {variables.map((v) => (
          <Fragment key={v}>
            <code className="font-mono text-text">{`{{${v}}}`}</code>
            <span>{t(`settings.variables.${v.replace(".", "_") as "agent_name"}`)}</span>
          </Fragment>
        ))}
      </span>
    </>
  );
}
