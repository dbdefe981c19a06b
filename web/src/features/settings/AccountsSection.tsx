import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import type { SettingsAccountsQuery } from "@/graphql/generated/graphql";
import { Badge } from "@/ui/Badge";
import { Check, Field, Select } from "@/ui/Field";
import { Section, Several } from "./Section";

const Accounts = graphql(`
  query SettingsAccounts {
    accounts {
      id
      name
      key
      channel
      provider
      displayNumber
      disabled
      attachments
      maxAttachmentBytes
      transferToAgent
      transferToQueue
      transferTimeout
      mandatoryDispose
      archived
      settings {
        phoneNumberId
        businessId
        baseUrl
        apiVersion
        webhookPath
        createContacts
        markAsRead
        windowHours
        ratePerSecond
        recontactTemplate
        queue {
          id
          name
        }
        queues {
          id
          name
        }
        list {
          id
          name
        }
        secrets {
          name
          last4
          replacedAt
        }
      }
    }
    queues {
      id
      name
    }
    lists {
      id
      name
    }
  }
`);
const Save = graphql(`
  mutation SaveAccount($input: SaveAccountInput!) {
    saveAccount(input: $input) {
      account {
        id
      }
    }
  }
`);

type Account = SettingsAccountsQuery["accounts"][number];
const megabyte = 1_048_576;
const providers = ["META", "KALEYRA", "SINCH", "TWILIO"] as const; // as SaveAccountInput.provider names them

/** The organisation's numbers: how each reaches its provider and what its sessions may do (R80, R122). */
export function AccountsSection() {
  const { t } = useTranslation();
  const [{ data, error }] = useQuery({ query: Accounts });
  const save = useCommand(Save, true);
  return (
    <Section
      title={t("settings.accounts")}
      items={data?.accounts}
      error={error}
      name={(a) => a.name}
      columns={[
        { label: t("settings.field.key"), cell: (a) => <Badge>{a.key}</Badge> },
        { label: t("settings.field.displayNumber"), cell: (a) => a.displayNumber },
        {
          label: t("settings.field.provider"),
          cell: (a) => providers.filter((p) => p === a.provider).map((p) => t(`settings.field.${p}`)),
        },
      ]}
      form={(a) => <AccountForm account={a} queues={data?.queues ?? []} lists={data?.lists ?? []} />}
      save={(form, a) =>
        save({
          ...(a ? { id: a.id } : {}),
          name: form.text("name"),
          key: form.text("key"),
          provider: form.text("provider"),
          phoneNumberId: form.text("phoneNumberId"),
          businessId: form.maybe("businessId"),
          displayNumber: form.text("displayNumber"),
          baseUrl: form.maybe("baseUrl"),
          apiVersion: form.maybe("apiVersion"),
          disabled: form.yes("disabled"),
          queueId: form.text("queueId"),
          queueIds: form.all("queueIds"),
          listId: form.maybe("listId"),
          createContacts: form.yes("createContacts"),
          attachments: form.yes("attachments"),
          maxAttachmentBytes: form.number("maxAttachment") * megabyte,
          transferToAgent: form.yes("transferToAgent"),
          transferToQueue: form.yes("transferToQueue"),
          transferTimeout: form.number("transferTimeout"),
          mandatoryDispose: form.yes("mandatoryDispose"),
          markAsRead: form.yes("markAsRead"),
          windowHours: form.number("windowHours"),
          ratePerSecond: form.number("ratePerSecond"),
          recontactTemplate: form.maybe("recontactTemplate"),
          appSecret: form.maybe("appSecret"),
          verifyToken: form.maybe("verifyToken"),
          accessToken: form.maybe("accessToken"),
        })
      }
    />
  );
}

type Named = readonly { id: string; name: string }[];

function AccountForm({ account: a, queues, lists }: { account: Account | null; queues: Named; lists: Named }) {
  const { t } = useTranslation();
  const s = a?.settings;
  const secret = (name: "appSecret" | "verifyToken" | "accessToken") => {
    const kept = s?.secrets.find((x) => x.name === name);
    return (
      <Field
        type="password"
        autoComplete="off"
        label={t(`settings.field.${name}`)}
        name={name}
        hint={kept ? `${t("settings.secretKept", { last4: kept.last4 })}. ${t("settings.secretHint")}` : undefined}
      />
    );
  };
  return (
    <>
      <Field label={t("common.name")} name="name" defaultValue={a?.name} required />
      <Field
        label={t("settings.field.key")}
        name="key"
        defaultValue={a?.key}
        pattern="[A-Za-z0-9]{1,5}"
        maxLength={5}
        required
      />
      <Select label={t("settings.field.provider")} name="provider" defaultValue={a?.provider}>
        {providers
          .filter((p) => p === (a?.provider ?? "META")) // the one that can be used today; an account stays with its own
          .map((p) => (
            <option key={p} value={p}>
              {t(`settings.field.${p}`)}
            </option>
          ))}
      </Select>
      <Field label={t("settings.field.displayNumber")} name="displayNumber" defaultValue={a?.displayNumber} required />
      <Field
        label={t("settings.field.phoneNumberId")}
        name="phoneNumberId"
        defaultValue={s?.phoneNumberId}
        readOnly={a !== null}
        hint={t("settings.field.phoneNumberIdHint")}
        required
      />
      <Field label={t("settings.field.businessId")} name="businessId" defaultValue={s?.businessId ?? ""} />
      <Field label={t("settings.field.baseUrl")} name="baseUrl" type="url" defaultValue={s?.baseUrl ?? ""} />
      <Field label={t("settings.field.apiVersion")} name="apiVersion" defaultValue={s?.apiVersion ?? ""} />
      {s && <Field label={t("settings.field.webhookPath")} value={s.webhookPath} readOnly className="col-span-full" />}
      {secret("appSecret")}
      {secret("verifyToken")}
      {secret("accessToken")}
      <Select label={t("settings.field.queue")} name="queueId" defaultValue={s?.queue?.id} required>
        {queues.map((q) => (
          <option key={q.id} value={q.id}>
            {q.name}
          </option>
        ))}
      </Select>
      <Several
        name="queueIds"
        label={t("settings.field.usableBy")}
        options={queues}
        chosen={s?.queues.map((q) => q.id) ?? []}
      />
      <Select label={t("settings.field.list")} name="listId" defaultValue={s?.list?.id ?? ""}>
        <option value="">{t("common.none")}</option>
        {lists.map((l) => (
          <option key={l.id} value={l.id}>
            {l.name}
          </option>
        ))}
      </Select>
      <Field
        label={t("settings.field.maxAttachment")}
        name="maxAttachment"
        type="number"
        min={1}
        max={25}
        defaultValue={a ? Math.round(a.maxAttachmentBytes / megabyte) : 15}
      />
      <Field
        label={t("settings.field.transferTimeout")}
        name="transferTimeout"
        type="number"
        min={5}
        defaultValue={a?.transferTimeout ?? 300}
      />
      <Field
        label={t("settings.field.windowHours")}
        name="windowHours"
        type="number"
        min={0}
        defaultValue={s?.windowHours ?? 24}
      />
      <Field
        label={t("settings.field.ratePerSecond")}
        name="ratePerSecond"
        type="number"
        min={1}
        defaultValue={s?.ratePerSecond ?? 80}
      />
      <Field
        label={t("settings.field.recontactTemplate")}
        name="recontactTemplate"
        defaultValue={s?.recontactTemplate ?? ""}
      />
      <div className="col-span-full grid gap-2 sm:grid-cols-2">
        <Check
          label={t("settings.field.createContacts")}
          name="createContacts"
          defaultChecked={s?.createContacts ?? true}
        />
        <Check label={t("settings.field.attachments")} name="attachments" defaultChecked={a?.attachments ?? true} />
        <Check
          label={t("settings.field.transferToAgent")}
          name="transferToAgent"
          defaultChecked={a?.transferToAgent ?? true}
        />
        <Check
          label={t("settings.field.transferToQueue")}
          name="transferToQueue"
          defaultChecked={a?.transferToQueue ?? true}
        />
        <Check
          label={t("settings.field.mandatoryDispose")}
          name="mandatoryDispose"
          defaultChecked={a?.mandatoryDispose ?? false}
        />
        <Check label={t("settings.field.markAsRead")} name="markAsRead" defaultChecked={s?.markAsRead ?? true} />
        <Check label={t("settings.field.disabled")} name="disabled" defaultChecked={a?.disabled ?? false} />
      </div>
    </>
  );
}
