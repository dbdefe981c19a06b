import {
  ArrowLeft,
  ArrowRightLeft,
  Eye,
  Link2,
  ListChecks,
  Lock,
  MailOpen,
  MoreHorizontal,
  PanelRight,
  SkipForward,
  Undo2,
  UserRoundPlus,
  X,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import type { InteractionFieldsFragment } from "@/graphql/generated/graphql";
import { useMe } from "@/graphql/me";
import { openDialog } from "@/lib/dialogs";
import { useKey } from "@/lib/useKey";
import { Avatar } from "@/ui/Avatar";
import { Badge } from "@/ui/Badge";
import { Button, IconButton } from "@/ui/Button";
import { Menu, MenuItem, MenuSeparator } from "@/ui/Menu";
import { WindowRing } from "@/ui/Rings";
import { Tooltip } from "@/ui/Tooltip";
import type { Watcher } from "./useConversation";

const Release = graphql(`
  mutation Release($input: InteractionInput!) {
    releaseInteraction(input: $input) {
      interaction {
        ...InteractionFields
        id
      }
    }
  }
`);
const MarkUnread = graphql(`
  mutation MarkUnread($input: InteractionInput!) {
    markUnread(input: $input) {
      interaction {
        ...InteractionFields
        id
      }
    }
  }
`);

type Props = {
  interaction: InteractionFieldsFragment;
  /** Whether the agent has turned to this conversation, so that keys may close it. */
  attended: boolean;
  watchers: readonly Watcher[];
  panelShown: boolean;
  onPanel: () => void;
  onBack: () => void;
};

/** The customer, the state of the interaction, and its actions. */
export function Header({ interaction: i, attended, watchers, panelShown, onPanel, onBack }: Props) {
  const { t } = useTranslation();
  const can = (action: (typeof i.actions)[number]) => i.actions.includes(action);
  const transferable = can("TRANSFER_TO_AGENT") || can("TRANSFER_TO_QUEUE");
  useKey("close", () => openDialog({ kind: "close", id: i.id }), can("CLOSE") && attended);
  useKey("closeNext", () => openDialog({ kind: "close", id: i.id, next: true }), can("CLOSE") && attended);
  useKey("transfer", () => openDialog({ kind: "transfer", id: i.id }), transferable);
  const others = watchers.map((w) => w.name);
  return (
    <header className="flex h-14 shrink-0 items-center gap-3 border-line border-b px-4">
      <IconButton label={t("keys.back")} shortcut="back" onClick={onBack} className="-ms-2 min-[900px]:hidden">
        <ArrowLeft size={16} />
      </IconButton>
      <Avatar name={i.customer.displayName} />
      <div className="min-w-16 flex-1 sm:min-w-36">
        <h1 className="flex items-center gap-1.5 font-semibold leading-5">
          <span className="truncate">{i.customer.displayName}</span>
          {i.customer.masked && <Lock size={12} aria-label={t("common.masked")} className="shrink-0 text-muted" />}
          {i.windowExpiresAt && i.status === "OPEN" && (
            <WindowRing
              closesAt={Date.parse(i.windowExpiresAt)}
              open={(time) => t("list.windowOpen", { time })}
              closed={t("list.windowClosed")}
            />
          )}
        </h1>
        <p className="nums truncate text-muted text-sm">
          {[i.customer.phone !== i.customer.displayName && i.customer.phone, i.queue?.name, i.account.name]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
      {watchers.length > 0 && (
        <Tooltip label={t("conversation.watching", { names: others })}>
          <span
            role="img"
            aria-label={t("conversation.watching", { names: others })}
            className="flex items-center gap-1 text-muted"
          >
            <Eye size={14} />
            <span className="nums text-sm">{watchers.length}</span>
          </span>
        </Tooltip>
      )}
      {i.status === "CLOSED" && <Badge>{i.disposition.at(-1) ?? t("list.closed")}</Badge>}
      {i.waiting && <Badge tone="warn">{t("list.waiting")}</Badge>}
      {transferable && (
        <span className="hidden sm:block">
          <IconButton
            label={t("actions.transfer")}
            shortcut="transfer"
            onClick={() => openDialog({ kind: "transfer", id: i.id })}
          >
            <ArrowRightLeft size={16} />
          </IconButton>
        </span>
      )}
      {can("CLOSE") && (
        <Tooltip label={t("keys.close")} shortcut="close">
          <Button onClick={() => openDialog({ kind: "close", id: i.id })}>
            <X size={14} />
            <span className="max-sm:sr-only">{t("actions.close")}</span>
          </Button>
        </Tooltip>
      )}
      <More interaction={i} transferable={transferable} />
      <IconButton
        label={t("keys.panel")}
        shortcut="panel"
        aria-pressed={panelShown}
        onClick={onPanel}
        className="-me-2"
      >
        <PanelRight size={16} />
      </IconButton>
    </header>
  );
}

function More({ interaction: i, transferable }: { interaction: InteractionFieldsFragment; transferable: boolean }) {
  const { t } = useTranslation();
  const release = useCommand(Release);
  const unread = useCommand(MarkUnread);
  const me = useMe();
  const mine = i.status === "OPEN" && me !== undefined && i.owner?.id === me.user.id;
  const can = (action: (typeof i.actions)[number]) => i.actions.includes(action);
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={t("actions.more")}
          className="grid size-8 place-items-center rounded-md text-muted hover:bg-hover hover:text-text"
        >
          <MoreHorizontal size={16} />
        </button>
      }
    >
      {transferable && (
        <MenuItem
          icon={<ArrowRightLeft size={14} />}
          shortcut="transfer"
          onSelect={() => openDialog({ kind: "transfer", id: i.id })}
        >
          {t("actions.transfer")}
        </MenuItem>
      )}
      {can("ASSIGN") && (
        <MenuItem icon={<UserRoundPlus size={14} />} onSelect={() => openDialog({ kind: "assign", id: i.id })}>
          {t("actions.assign")}
        </MenuItem>
      )}
      {can("RELEASE") && (
        <MenuItem icon={<Undo2 size={14} />} onSelect={() => void release({ interactionId: i.id })}>
          {t("actions.release")}
        </MenuItem>
      )}
      {mine && (
        <MenuItem icon={<MailOpen size={14} />} onSelect={() => void unread({ interactionId: i.id })}>
          {t("actions.markUnread")}
        </MenuItem>
      )}
      <MenuItem
        icon={<Link2 size={14} />}
        onSelect={() => void navigator.clipboard?.writeText(`${location.origin}/interactions/${i.id}`)}
      >
        {t("actions.copyLink")}
      </MenuItem>
      {can("DISPOSE") && (
        <MenuItem icon={<ListChecks size={14} />} onSelect={() => openDialog({ kind: "dispose", id: i.id })}>
          {t(i.disposition.length > 0 ? "conversation.changeDisposition" : "conversation.dispose")}
        </MenuItem>
      )}
      {can("CLOSE") && (
        <>
          <MenuSeparator />
          <MenuItem icon={<X size={14} />} shortcut="close" onSelect={() => openDialog({ kind: "close", id: i.id })}>
            {t("actions.close")}
          </MenuItem>
          <MenuItem
            icon={<SkipForward size={14} />}
            shortcut="closeNext"
            onSelect={() => openDialog({ kind: "close", id: i.id, next: true })}
          >
            {t("closing.closeNext")}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
