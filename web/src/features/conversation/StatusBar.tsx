import { useTranslation } from "react-i18next";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import type { InteractionFieldsFragment } from "@/graphql/generated/graphql";
import { useMe } from "@/graphql/me";
import { useLocale } from "@/i18n/locale";
import { openDialog } from "@/lib/dialogs";
import { formatDateTime } from "@/lib/time";
import { Button } from "@/ui/Button";
import type { Watcher } from "./useConversation";

const Take = graphql(`
  mutation Take($input: InteractionInput!) {
    takeInteraction(input: $input) {
      interaction {
        ...InteractionFields
        id
      }
    }
  }
`);

/** Shows who is typing, and who owns the interaction or that it is waiting or closed. */
export function StatusBar({
  interaction: i,
  watchers,
}: {
  interaction: InteractionFieldsFragment;
  watchers: readonly Watcher[];
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const me = useMe();
  const take = useCommand(Take);
  const typing = watchers.filter((w) => w.typing);
  const statusText = () => {
    if (i.status === "CLOSED" && i.closedAt) {
      const time = formatDateTime(i.closedAt, locale);
      return i.closedBy
        ? t("conversation.closedBy", { name: i.closedBy.name, time })
        : t("conversation.closedHint", { time });
    }
    if (i.waiting) return t("conversation.waitingHint");
    if (i.owner && i.owner.id !== me?.user.id) return t("conversation.monitoring", { name: i.owner.name });
    return null;
  };
  const text = statusText();
  return (
    <>
      <p aria-live="polite" className="h-6 shrink-0 truncate px-6 text-muted text-sm">
        {typing.length > 0 && (
          <span className="animate-fade">
            {t("conversation.typing", { count: typing.length, names: typing.map((w) => w.name) })}
          </span>
        )}
      </p>
      {text && (
        <div className="flex shrink-0 items-center gap-3 border-line border-t bg-sunken px-6 py-2 text-muted">
          <span className="min-w-0 flex-1">{text}</span>
          {i.actions.includes("TAKE") && (
            <Button size="sm" tone="primary" onClick={() => void take({ interactionId: i.id })}>
              {t("conversation.take")}
            </Button>
          )}
          {i.actions.includes("DISPOSE") && i.status === "CLOSED" && i.disposition.length === 0 && (
            <Button
              size="sm"
              tone={i.dispositionDue ? "primary" : "plain"}
              onClick={() => openDialog({ kind: "dispose", id: i.id })}
            >
              {t("conversation.dispose")}
            </Button>
          )}
        </div>
      )}
    </>
  );
}
