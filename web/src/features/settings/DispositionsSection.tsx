import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import type { DispositionScope } from "@/graphql/generated/graphql";
import { Field, Select } from "@/ui/Field";
import { Section } from "./Section";

const Dispositions = graphql(`
  query SettingsDispositions {
    dispositions {
      id
      label
      parentId
      level
      scope
      scopeId
      sortOrder
      archived
    }
    accounts {
      id
      name
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
  mutation SaveDisposition($input: SaveDispositionInput!) {
    saveDisposition(input: $input) {
      disposition {
        id
      }
    }
  }
`);

type Row = { id: string; label: string; parentId: string | null; level: number };

/** Orders dispositions as a tree, with each parent followed by its children. */
function treeOrder<T extends Row>(all: readonly T[]): T[] {
  const below = (parent: string | null): T[] =>
    all.filter((d) => d.parentId === parent).flatMap((d) => [d, ...below(d.id)]);
  return below(null);
}

/** The dispositions of closed interactions, in up to three levels. */
export function DispositionsSection() {
  const { t } = useTranslation();
  const [{ data, error }] = useQuery({ query: Dispositions });
  const save = useCommand(Save, true);
  const all = data ? treeOrder(data.dispositions) : undefined;
  const scopes: { value: string; label: string }[] = [
    { value: "GLOBAL:", label: t("closing.scopes.GLOBAL") },
    ...(data?.accounts ?? []).map((a) => ({
      value: `ACCOUNT:${a.id}`,
      label: `${t("closing.scopes.ACCOUNT")}: ${a.name}`,
    })),
    ...(data?.queues ?? []).map((q) => ({ value: `QUEUE:${q.id}`, label: `${t("closing.scopes.QUEUE")}: ${q.name}` })),
    ...(data?.lists ?? []).map((l) => ({ value: `LIST:${l.id}`, label: `${t("closing.scopes.LIST")}: ${l.name}` })),
  ];
  const scopeOf = (d: { scope: DispositionScope; scopeId: string | null }) => `${d.scope}:${d.scopeId ?? ""}`;
  return (
    <Section
      title={t("settings.dispositions")}
      newLabel={t("settings.new.dispositions")}
      items={all}
      error={error}
      name={(d) => `${"\u2003".repeat(d.level - 1)}${d.label}`}
      columns={[
        {
          label: t("settings.field.scope"),
          cell: (d) => scopes.find((p) => p.value === scopeOf(d))?.label ?? t(`closing.scopes.${d.scope}`),
        },
        { label: t("settings.field.level"), cell: (d) => d.level, end: true },
      ]}
      form={(d) => (
        <>
          <Field
            label={t("settings.field.label")}
            name="label"
            defaultValue={d?.label}
            required
            className="col-span-full"
          />
          <Select label={t("settings.field.parent")} name="parentId" defaultValue={d?.parentId ?? ""}>
            {(!d || d.level === 1) && <option value="">{t("common.none")}</option>}
            {(all ?? [])
              .filter((p) => (d ? p.level === d.level - 1 : p.level < 3)) // the level cannot change
              .filter((p) => !p.archived || p.id === d?.parentId)
              .map((p) => (
                <option key={p.id} value={p.id}>
                  {`${"\u2003".repeat(p.level - 1)}${p.label}`}
                </option>
              ))}
          </Select>
          <Select label={t("settings.field.scope")} name="scope" defaultValue={d ? scopeOf(d) : "GLOBAL:"}>
            {scopes.map((p) => (
              <option key={p.value} value={p.value}>
                {p.label}
              </option>
            ))}
          </Select>
          <Field
            label={t("settings.field.sortOrder")}
            hint={t("settings.field.sortOrderHint")}
            name="sortOrder"
            type="number"
            defaultValue={d?.sortOrder ?? 0}
          />
        </>
      )}
      save={(form, d) => {
        const [scope, scopeId] = form.text("scope").split(":");
        return save({
          ...(d ? { id: d.id } : {}),
          label: form.text("label"),
          parentId: form.optional("parentId"),
          scope: (["LIST", "ACCOUNT", "QUEUE"] as const).find((s) => s === scope) ?? "GLOBAL",
          ...(scopeId ? { scopeId } : {}),
          sortOrder: form.number("sortOrder"),
        });
      }}
    />
  );
}
