import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import type { QueueStrategy } from "@/graphql/generated/graphql";
import { Check, Field, Select } from "@/ui/Field";
import { CheckboxGroup, Section } from "./Section";

const Queues = graphql(`
  query SettingsQueues {
    queues {
      id
      name
      description
      strategy
      offerTimeout
      weight
      take
      sticky
      silentOwner
      archived
      members {
        id
        name
      }
    }
    users {
      id
      name
      role
    }
  }
`);
const Save = graphql(`
  mutation SaveQueue($input: SaveQueueInput!) {
    saveQueue(input: $input) {
      queue {
        id
      }
    }
  }
`);

const strategies: QueueStrategy[] = ["BEEPALL", "ROUND_ROBIN", "LEAST_RECENT"];

/** Queues: who gets offers, by which strategy and for how long. */
export function QueuesSection() {
  const { t } = useTranslation();
  const [{ data, error }] = useQuery({ query: Queues });
  const save = useCommand(Save, true);
  const agents = (data?.users ?? []).filter((u) => u.role === "AGENT" || u.role === "SUPERVISOR");
  return (
    <Section
      title={t("settings.queues")}
      newLabel={t("settings.new.queues")}
      items={data?.queues}
      error={error}
      name={(q) => q.name}
      columns={[
        { label: t("settings.field.strategy"), cell: (q) => t(`settings.field.${q.strategy}`) },
        { label: t("settings.field.offerTimeout"), cell: (q) => q.offerTimeout, end: true },
        { label: t("settings.field.members"), cell: (q) => q.members.length, end: true },
      ]}
      form={(q) => (
        <>
          <Field label={t("common.name")} name="name" defaultValue={q?.name} required />
          <Field label={t("settings.field.description")} name="description" defaultValue={q?.description ?? ""} />
          <Select label={t("settings.field.strategy")} name="strategy" defaultValue={q?.strategy}>
            {strategies.map((s) => (
              <option key={s} value={s}>
                {t(`settings.field.${s}`)}
              </option>
            ))}
          </Select>
          <Field
            label={t("settings.field.offerTimeout")}
            name="offerTimeout"
            type="number"
            min={5}
            defaultValue={q?.offerTimeout ?? 30}
          />
          <Field
            label={t("settings.field.weight")}
            name="weight"
            type="number"
            min={0}
            max={10}
            defaultValue={q?.weight ?? 0}
          />
          <Field
            label={t("settings.field.silentOwner")}
            name="silentOwner"
            type="number"
            min={0}
            defaultValue={q?.silentOwner ?? 0}
          />
          <CheckboxGroup
            name="memberIds"
            label={t("settings.field.members")}
            options={agents}
            chosen={q?.members.map((m) => m.id) ?? []}
          />
          <Check label={t("settings.field.take")} name="take" defaultChecked={q?.take ?? true} />
          <Check label={t("settings.field.sticky")} name="sticky" defaultChecked={q?.sticky ?? false} />
        </>
      )}
      save={(form, q) =>
        save({
          ...(q ? { id: q.id } : {}),
          name: form.text("name"),
          description: form.optional("description"),
          strategy: strategies.find((s) => s === form.text("strategy")) ?? "BEEPALL",
          offerTimeout: form.number("offerTimeout"),
          weight: form.number("weight"),
          take: form.checked("take"),
          sticky: form.checked("sticky"),
          silentOwner: form.number("silentOwner"),
          memberIds: form.all("memberIds"),
        })
      }
    />
  );
}
