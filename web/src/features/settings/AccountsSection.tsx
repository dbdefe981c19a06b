import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { type Outcome, useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import type { SettingsAccountsQuery } from "@/graphql/generated/graphql";
import { Badge } from "@/ui/Badge";
import { Check, Field, Select } from "@/ui/Field";
import { LatestNotice, Notices } from "./AccountNotices";
import { fieldName, type Provider, ProviderFields } from "./ProviderFields";
import { providerTitle, settingLabel } from "./provider";
import { CheckboxGroup, type FormReader, Section } from "./Section";

const Accounts = graphql(`
  query SettingsAccounts {
    accounts {
      id
      name
      shortCode
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
        providerSettings {
          name
          value
        }
        webhookPaths
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
        notices {
          id
          field
          event
          template
          sentAt
          facts {
            name
            value
          }
        }
      }
    }
    providers {
      name
      settings {
        name
        kind
        required
        identity
        default
        choices
        pattern
      }
      capabilities {
        templates
        windowHours
        readReceipts
        ratePerSecond
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

/** The organisation's phone numbers: how each reaches its provider, and what its interactions allow. */
export function AccountsSection() {
  const { t } = useTranslation();
  const [{ data, error }] = useQuery({ query: Accounts });
  const save = useCommand(Save, true);
  return (
    <Section
      title={t("settings.accounts")}
      newLabel={t("settings.new.accounts")}
      items={data?.accounts}
      error={error}
      name={(a) => a.name}
      columns={[
        { label: t("settings.field.shortCode"), cell: (a) => <Badge>{a.shortCode}</Badge> },
        { label: t("settings.field.displayNumber"), cell: (a) => a.displayNumber },
        {
          label: t("settings.field.provider"),
          cell: (a) => providerTitle(a.provider),
        },
        {
          label: t("settings.notices.recent"),
          cell: (a) => <LatestNotice notices={a.settings?.notices ?? []} />,
        },
      ]}
      form={(a) => (
        <AccountForm
          account={a}
          providers={data?.providers ?? []}
          queues={data?.queues ?? []}
          lists={data?.lists ?? []}
        />
      )}
      save={(form, a) =>
        save({
          ...(a ? { id: a.id } : {}),
          name: form.text("name"),
          shortCode: form.text("shortCode"),
          provider: form.text("provider"),
          ...providerValues(data?.providers ?? [], form),
          displayNumber: form.text("displayNumber"),
          disabled: form.checked("disabled"),
          queueId: form.text("queueId"),
          queueIds: form.all("queueIds"),
          listId: form.optional("listId"),
          createContacts: form.checked("createContacts"),
          attachments: form.checked("attachments"),
          maxAttachmentBytes: form.number("maxAttachment") * megabyte,
          transferToAgent: form.checked("transferToAgent"),
          transferToQueue: form.checked("transferToQueue"),
          transferTimeout: form.number("transferTimeout"),
          mandatoryDispose: form.checked("mandatoryDispose"),
          markAsRead: form.checked("markAsRead"),
          windowHours: form.number("windowHours"),
          ratePerSecond: form.number("ratePerSecond"),
          recontactTemplate: form.optional("recontactTemplate"),
        }).then((outcome) => nameSetting(outcome, form.text("provider"), t))
      }
    />
  );
}

/** Returns the settings and secrets from the form that the chosen provider declares. */
function providerValues(providers: readonly Provider[], form: FormReader) {
  const declared = providers.find((p) => p.name === form.text("provider"))?.settings ?? [];
  const values = (secret: boolean) =>
    declared
      .filter((s) => (s.kind === "SECRET") === secret)
      .map((s) => ({ name: s.name, value: form.text(fieldName(s)) }))
      .filter((s) => s.value !== "");
  return { providerSettings: values(false), secrets: values(true) };
}

/** Names the setting in a refusal of one of the provider's settings. */
function nameSetting<T>(outcome: Outcome<T>, provider: string, t: TFunction): Outcome<T> {
  const { problem } = outcome;
  const setting = problem?.details.setting;
  if (typeof setting !== "string") return outcome;
  const named = { setting: settingLabel(provider, setting) };
  switch (problem?.code) {
    case "PROVIDER_SETTING_INVALID":
    case "PROVIDER_SETTING_MISSING":
    case "PROVIDER_SECRET_NEEDED":
      return { ...outcome, problem: { ...problem, message: t(`settings.settingProblem.${problem.code}`, named) } };
  }
  return outcome;
}

type Named = readonly { id: string; name: string }[];
type FormProps = { account: Account | null; providers: readonly Provider[]; queues: Named; lists: Named };

function AccountForm({ account: a, providers, queues, lists }: FormProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState(a?.provider ?? providers[0]?.name ?? "");
  const provider = providers.find((p) => p.name === chosen);
  const capabilities = provider?.capabilities;
  const s = a?.settings;
  return (
    <>
      <Field label={t("common.name")} name="name" defaultValue={a?.name} required />
      <Field
        label={t("settings.field.shortCode")}
        name="shortCode"
        defaultValue={a?.shortCode}
        pattern="[A-Za-z0-9]{1,5}"
        maxLength={5}
        required
      />
      <Select
        label={t("settings.field.provider")}
        name="provider"
        value={chosen}
        onChange={(e) => setChosen(e.target.value)}
      >
        {providers
          .filter((p) => !a || p.name === a.provider) // an account cannot change its provider
          .map((p) => (
            <option key={p.name} value={p.name}>
              {providerTitle(p.name)}
            </option>
          ))}
      </Select>
      <Field label={t("settings.field.displayNumber")} name="displayNumber" defaultValue={a?.displayNumber} required />
      {provider && <ProviderFields key={provider.name} provider={provider} saved={s ?? null} />}
      {s?.webhookPaths.map((path) => (
        <Field key={path} label={t("settings.field.webhookPath")} value={path} readOnly className="col-span-full" />
      ))}
      <Select label={t("settings.field.queue")} name="queueId" defaultValue={s?.queue?.id} required>
        {queues.map((q) => (
          <option key={q.id} value={q.id}>
            {q.name}
          </option>
        ))}
      </Select>
      <CheckboxGroup
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
        key={`window-${chosen}`}
        defaultValue={s?.windowHours ?? capabilities?.windowHours}
      />
      <Field
        label={t("settings.field.ratePerSecond")}
        name="ratePerSecond"
        type="number"
        min={1}
        key={`rate-${chosen}`}
        defaultValue={s?.ratePerSecond ?? capabilities?.ratePerSecond}
      />
      {capabilities?.templates && (
        <Field
          label={t("settings.field.recontactTemplate")}
          name="recontactTemplate"
          defaultValue={s?.recontactTemplate ?? ""}
        />
      )}
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
        {capabilities?.readReceipts && (
          <Check label={t("settings.field.markAsRead")} name="markAsRead" defaultChecked={s?.markAsRead ?? true} />
        )}
        <Check label={t("settings.field.disabled")} name="disabled" defaultChecked={a?.disabled ?? false} />
      </div>
      <Notices notices={s?.notices ?? []} />
    </>
  );
}
