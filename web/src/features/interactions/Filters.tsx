import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { graphql } from "@/graphql/generated";
import { cn } from "@/lib/cn";
import { Field, Select } from "@/ui/Field";
import { type ListSearch, split, toggle } from "./filter";

const Choices = graphql(`
  query FilterChoices {
    accounts {
      id
      name
      shortCode
    }
    queues {
      id
      name
    }
    users {
      id
      name
    }
    tags {
      id
      name
    }
  }
`);

type Change = { [K in keyof ListSearch]?: ListSearch[K] | undefined };
type Props = { search: ListSearch; set: (change: Partial<ListSearch>) => void };

/** The filters of the list. Each takes effect at once. */
export function Filters({ search, set: setStrict }: Props) {
  const { t } = useTranslation();
  const [{ data }] = useQuery({ query: Choices });
  const set = (change: Change) => setStrict(change as Partial<ListSearch>);
  const people = data?.users ?? [];
  return (
    <div className="grid w-80 max-w-[80vw] grid-cols-2 gap-3">
      <Select
        label={t("list.seen")}
        value={search.read ?? ""}
        onChange={(e) => set({ read: e.target.value === "" ? undefined : e.target.value === "yes" ? "yes" : "no" })}
      >
        <option value="">{t("common.all")}</option>
        <option value="no">{t("list.unread")}</option>
        <option value="yes">{t("list.read")}</option>
      </Select>
      <Pick
        label={t("list.account")}
        value={search.accounts}
        options={data?.accounts ?? []}
        onChange={(v) => set({ accounts: v })}
      />
      <Pick
        label={t("list.queue")}
        value={search.queues}
        options={data?.queues ?? []}
        onChange={(v) => set({ queues: v })}
      />
      <Pick label={t("list.owner")} value={search.owners} options={people} onChange={(v) => set({ owners: v })} />
      <Pick label={t("list.firstOwner")} value={search.first} options={people} onChange={(v) => set({ first: v })} />
      <Select
        label={t("list.tags")}
        value={search.match ?? ""}
        disabled={!search.tags}
        onChange={(e) => set({ match: e.target.value === "all" ? "all" : undefined })}
      >
        <option value="">{t("list.tagsAny")}</option>
        <option value="all">{t("list.tagsAll")}</option>
      </Select>
      <fieldset className="col-span-2 flex flex-wrap gap-1">
        <legend className="sr-only">{t("list.tags")}</legend>
        {(data?.tags ?? []).map((tag) => {
          const on = split(search.tags).includes(tag.name);
          return (
            <button
              key={tag.id}
              type="button"
              aria-pressed={on}
              onClick={() => set({ tags: toggle(search.tags, tag.name) })}
              className={cn("h-6 rounded-full px-2.5 text-sm", on ? "bg-accent text-on-accent" : "bg-hover text-text")}
            >
              {tag.name}
            </button>
          );
        })}
      </fieldset>
      <Field
        type="date"
        label={t("list.from")}
        value={search.from ?? ""}
        onChange={(e) => set({ from: e.target.value || undefined })}
      />
      <Field
        type="date"
        label={t("list.to")}
        value={search.to ?? ""}
        error={search.from && search.to && search.from > search.to ? t("list.rangeEmpty") : undefined}
        onChange={(e) => set({ to: e.target.value || undefined })}
      />
      <button
        type="button"
        className="col-span-2 h-8 rounded-md font-medium text-accent hover:bg-hover"
        onClick={() =>
          set({
            read: undefined,
            accounts: undefined,
            queues: undefined,
            owners: undefined,
            first: undefined,
            tags: undefined,
            match: undefined,
            from: undefined,
            to: undefined,
          })
        }
      >
        {t("list.clear")}
      </button>
    </div>
  );
}

type PickProps = {
  label: string;
  value: string | undefined;
  options: readonly { id: string; name: string }[];
  onChange: (value: string | undefined) => void;
};

function Pick({ label, value, options, onChange }: PickProps) {
  const { t } = useTranslation();
  return (
    <Select label={label} value={value ?? ""} onChange={(e) => onChange(e.target.value || undefined)}>
      <option value="">{t("common.all")}</option>
      {value?.includes(",") && <option value={value}>{split(value).length}</option>}
      {options.map((o) => (
        <option key={o.id} value={o.id}>
          {o.name}
        </option>
      ))}
    </Select>
  );
}
