import { Archive, Plus } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CombinedError } from "urql";
import { type Outcome, useCommand } from "@/graphql/command";
import { problemOf } from "@/graphql/errors";
import { graphql } from "@/graphql/generated";
import { cn } from "@/lib/cn";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Check } from "@/ui/Field";
import { Empty, ErrorState, Skeleton } from "@/ui/States";

const ArchiveSetting = graphql(`
  mutation Archive($input: ArchiveInput!) {
    archive(input: $input) {
      id
    }
  }
`);

/** Reads form fields in the types the API expects. */
export type FormReader = {
  text: (key: string) => string;
  /** Returns undefined if the field is empty. */
  optional: (key: string) => string | undefined;
  number: (key: string) => number;
  checked: (key: string) => boolean;
  all: (key: string) => string[];
};

function reader(data: FormData): FormReader {
  const text = (key: string) => String(data.get(key) ?? "").trim();
  return {
    text,
    optional: (key) => text(key) || undefined,
    number: (key) => Math.round(Number(text(key)) || 0),
    checked: (key) => data.get(key) === "on",
    all: (key) => data.getAll(key).map(String),
  };
}

type Item = { id: string; archived?: boolean; disabled?: boolean };

type Props<T extends Item> = {
  title: string;
  items: readonly T[] | undefined;
  error: CombinedError | undefined;
  name: (item: T) => string;
  columns: { label: string; cell: (item: T) => ReactNode; end?: boolean }[];
  form: (item: T | null) => ReactNode;
  save: (form: FormReader, item: T | null) => Promise<Outcome<unknown>>;
  canArchive?: boolean;
  newLabel: string;
};

/** One kind of setting: a table of the entries, and a form to add or edit one. */
export function Section<T extends Item>({
  title,
  items,
  error,
  name,
  columns,
  form,
  save,
  canArchive = true,
  newLabel,
}: Props<T>) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<T | "new" | null>(null);
  const [showArchived, setShowArchived] = useState(false);
  const problem = problemOf(error);
  if (!items) {
    return problem ? <ErrorState problem={problem} /> : <Skeleton />;
  }
  const shown = items.filter((i) => showArchived || !i.archived);
  return (
    <section aria-label={title} className="mx-auto max-w-4xl p-6 md:p-8">
      <header className="mb-4 flex items-center gap-3">
        <h2 className="flex-1 font-semibold text-xl tracking-tight">{title}</h2>
        <Button tone="primary" onClick={() => setEditing("new")}>
          <Plus size={14} />
          {newLabel}
        </Button>
      </header>
      {shown.length === 0 ? (
        <Empty title={t("settings.empty")} />
      ) : (
        <div className="overflow-x-auto">
          <table className="w-full border-collapse">
            <thead>
              <tr className="border-line border-b [&>th]:h-9 [&>th]:px-3 [&>th]:font-medium [&>th]:text-muted [&>th]:text-sm">
                <th className="text-start">{t("common.name")}</th>
                {columns.map((c) => (
                  <th key={c.label} className={cn("max-sm:hidden", c.end ? "text-end" : "text-start")}>
                    {c.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((item) => (
                <tr
                  key={item.id}
                  className={cn(
                    "border-line border-b hover:bg-hover [&>td]:h-11 [&>td]:px-3 [&>td]:py-1.5",
                    item.archived && "text-muted",
                  )}
                >
                  <td>
                    <button
                      type="button"
                      onClick={() => setEditing(item)}
                      className="text-start font-medium hover:underline"
                    >
                      {name(item)}
                    </button>{" "}
                    {(item.archived || item.disabled) && (
                      <Badge>{t(item.archived ? "settings.archived" : "settings.field.disabled")}</Badge>
                    )}
                    <dl className="mt-0.5 grid gap-y-0.5 text-muted text-sm sm:hidden">
                      {columns.map((c) => (
                        <div key={c.label} className="flex gap-1.5">
                          <dt>{c.label}</dt>
                          <dd className="nums min-w-0 break-words text-text">{c.cell(item)}</dd>
                        </div>
                      ))}
                    </dl>
                  </td>
                  {columns.map((c) => (
                    <td key={c.label} className={cn("nums text-muted max-sm:hidden", c.end && "text-end")}>
                      {c.cell(item)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {items.some((i) => i.archived) && (
        <div className="mt-4 px-3">
          <Check
            label={t("settings.showArchived")}
            checked={showArchived}
            onChange={(e) => setShowArchived(e.target.checked)}
          />
        </div>
      )}
      {editing && (
        <Editor
          key={editing === "new" ? "new" : editing.id}
          title={editing === "new" ? `${title}: ${newLabel}` : name(editing)}
          item={editing === "new" ? null : editing}
          canArchive={canArchive}
          form={form}
          save={save}
          onDone={() => setEditing(null)}
        />
      )}
    </section>
  );
}

type EditorProps<T extends Item> = Pick<Props<T>, "form" | "save"> & {
  title: string;
  item: T | null;
  canArchive: boolean;
  onDone: () => void;
};

function Editor<T extends Item>({ title, item, canArchive, form, save, onDone }: EditorProps<T>) {
  const { t } = useTranslation();
  const archive = useCommand(ArchiveSetting, true);
  const [errorText, setErrorText] = useState<string | null>(null);
  const [confirming, setConfirming] = useState(false);
  const finish = ({ problem }: Outcome<unknown>) => {
    if (problem) setErrorText(problem.message);
    else onDone();
  };
  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    finish(await save(reader(new FormData(e.currentTarget)), item));
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onDone()} title={title} wide>
      <form onSubmit={submit} className="grid grid-cols-1 gap-3 pb-4 sm:grid-cols-2">
        {form(item)}
        {errorText && (
          <p role="alert" className="col-span-full rounded-md bg-danger-soft px-3 py-2 text-danger">
            {errorText}
          </p>
        )}
        <div className="col-span-full flex items-center gap-2 pt-2">
          {item && canArchive && !item.archived && !confirming && (
            <Button tone="quiet" onClick={() => setConfirming(true)}>
              <Archive size={14} />
              {t("common.archive")}
            </Button>
          )}
          {item && confirming && (
            <>
              <span className="text-muted text-sm">{t("settings.archiveLead")}</span>
              <Button tone="danger" onClick={async () => finish(await archive({ id: item.id }))}>
                {t("common.archive")}
              </Button>
            </>
          )}
          <span className="flex-1" />
          <Button onClick={onDone}>{t("common.cancel")}</Button>
          <Button tone="primary" type="submit">
            {t("common.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A multiple choice, as check boxes. */
export function CheckboxGroup({
  name,
  label,
  hint,
  options,
  chosen,
}: {
  name: string;
  label: string;
  hint?: string;
  options: readonly { id: string; name: string }[];
  chosen: readonly string[];
}) {
  return (
    <fieldset className="col-span-full">
      <legend className="mb-1 font-medium text-muted text-sm">{label}</legend>
      <div className="grid max-h-44 grid-cols-2 gap-1.5 overflow-y-auto rounded-md border border-line p-2 sm:grid-cols-3">
        {options.map((o) => (
          <Check key={o.id} label={o.name} name={name} value={o.id} defaultChecked={chosen.includes(o.id)} />
        ))}
      </div>
      {hint && <p className="mt-1 text-muted text-sm">{hint}</p>}
    </fieldset>
  );
}
