import { ArrowRightLeft, MessageSquareText, MoreHorizontal, Tag, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { InteractionFieldsFragment } from "@/graphql/generated/graphql";
import { cn } from "@/lib/cn";
import { openDialog } from "@/lib/dialogs";
import { Menu, MenuItem, MenuSeparator } from "@/ui/Menu";

/** The actions of an interaction in the list. */
export function RowMenu({ row, onShow }: { row: InteractionFieldsFragment; onShow: () => void }) {
  const { t } = useTranslation();
  const can = (action: (typeof row.actions)[number]) => row.actions.includes(action);
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={t("list.actions", { name: row.customer.displayName })}
          className={cn(
            "absolute end-2 top-2 grid size-6 place-items-center rounded-md border border-line bg-raised",
            "text-muted opacity-0 hover:text-text focus-visible:opacity-100 group-hover:opacity-100",
            "data-[state=open]:opacity-100",
          )}
        >
          <MoreHorizontal size={14} />
        </button>
      }
    >
      <MenuItem icon={<MessageSquareText size={14} />} onSelect={onShow}>
        {t("list.show")}
      </MenuItem>
      {(can("TRANSFER_TO_AGENT") || can("TRANSFER_TO_QUEUE")) && (
        <MenuItem icon={<ArrowRightLeft size={14} />} onSelect={() => openDialog({ kind: "transfer", id: row.id })}>
          {t("actions.transfer")}
        </MenuItem>
      )}
      {can("DISPOSE") && (
        <MenuItem icon={<Tag size={14} />} onSelect={() => openDialog({ kind: "dispose", id: row.id })}>
          {t(row.disposition.length > 0 ? "conversation.changeDisposition" : "conversation.dispose")}
        </MenuItem>
      )}
      {can("CLOSE") && (
        <>
          <MenuSeparator />
          <MenuItem icon={<X size={14} />} onSelect={() => openDialog({ kind: "close", id: row.id })}>
            {t("actions.close")}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
