import { Plus, X } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import type { InteractionFieldsFragment } from "@/graphql/generated/graphql";
import { useKnownTags } from "@/graphql/tags";
import { cn } from "@/lib/cn";
import { notify } from "@/lib/notices";
import { Dot } from "@/ui/Dot";

const AddTag = graphql(`
  mutation AddTag($input: TagInput!) {
    addTag(input: $input) {
      interaction {
        id
        tags
        tagsCollapsed
      }
    }
  }
`);
const RemoveTag = graphql(`
  mutation RemoveTag($input: TagInput!) {
    removeTag(input: $input) {
      interaction {
        id
        tags
        tagsCollapsed
      }
    }
  }
`);

/** The interaction's tags. Removing one can be undone. */
export function Tags({ interaction: i }: { interaction: InteractionFieldsFragment }) {
  const { t } = useTranslation();
  const known = useKnownTags();
  const add = useCommand(AddTag);
  const remove = useCommand(RemoveTag);
  const [text, setText] = useState("");
  const listId = useId();
  const may = i.actions.includes("TAG");
  const addTag = (tag: string) => void add({ interactionId: i.id, tag });
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (text.trim()) addTag(text.trim());
    setText("");
  };
  const removeTag = async (tag: string) => {
    const { problem } = await remove({ interactionId: i.id, tag });
    if (!problem)
      notify({
        tone: "plain",
        text: t("panel.tagRemoved", { tag }),
        action: { label: t("common.undo"), run: () => addTag(tag) },
      });
  };
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {i.tags.map((tag) => (
        <span
          key={tag}
          className={cn(
            "inline-flex h-6 items-center gap-1.5 rounded-full bg-hover ps-2.5 text-sm",
            may ? "pe-1" : "pe-2.5",
          )}
        >
          <Dot color={known.find((x) => x.name === tag)?.color} />
          {tag}
          {may && (
            <button
              type="button"
              aria-label={t("panel.removeTag", { tag })}
              onClick={() => void removeTag(tag)}
              className="grid size-4 place-items-center rounded-full hover:bg-hover"
            >
              <X size={11} />
            </button>
          )}
        </span>
      ))}
      {may && (
        <form
          onSubmit={submit}
          className="inline-flex h-6 items-center gap-1 rounded-full border border-line-strong border-dashed ps-1.5"
        >
          <Plus size={12} className="text-muted" />
          <input
            value={text}
            onChange={(e) => setText(e.target.value)}
            list={listId}
            aria-label={t("panel.addTag")}
            placeholder={t("panel.addTag")}
            className="w-24 rounded-full bg-transparent pe-2 text-sm outline-none"
          />
          <datalist id={listId}>
            {known
              .filter((x) => !x.archived && !i.tags.includes(x.name))
              .map((x) => (
                <option key={x.id} value={x.name} />
              ))}
          </datalist>
        </form>
      )}
    </div>
  );
}
