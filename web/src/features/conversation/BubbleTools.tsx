import { Reply, SmilePlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import type { MessageFieldsFragment } from "@/graphql/generated/graphql";
import { cn } from "@/lib/cn";
import { Popover } from "@/ui/Popover";

const React = graphql(`
  mutation React($input: ReactInput!) {
    react(input: $input) {
      message {
        ...MessageFields
      }
    }
  }
`);

const quick = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const tool = "grid size-7 place-items-center rounded-md text-muted hover:bg-hover hover:text-text";

type Props = { message: MessageFieldsFragment; canReply: boolean; onQuote: (m: MessageFieldsFragment) => void };

/** The actions of one message, shown on hover or focus. Keep it cheap: every bubble has one. */
export function BubbleTools({ message, canReply, onQuote }: Props) {
  const { t } = useTranslation();
  const [picking, setPicking] = useState(false);
  if (!canReply) return null;
  const theirs = message.author === "CUSTOMER";
  return (
    <div
      role="toolbar"
      aria-label={t("conversation.actions")}
      className={cn(
        "absolute top-0 flex h-full items-center opacity-0 transition-opacity focus-within:opacity-100 group-hover:opacity-100",
        picking && "opacity-100",
        theirs ? "start-full ps-1" : "end-full pe-1",
      )}
    >
      <button
        type="button"
        title={t("conversation.quote")}
        aria-label={t("conversation.quote")}
        onClick={() => onQuote(message)}
        className={tool}
      >
        <Reply size={14} />
      </button>
      {theirs &&
        (picking ? (
          <Reactions message={message} onDone={() => setPicking(false)} />
        ) : (
          <button
            type="button"
            title={t("conversation.react")}
            aria-label={t("conversation.react")}
            onClick={() => setPicking(true)}
            className={tool}
          >
            <SmilePlus size={14} />
          </button>
        ))}
    </div>
  );
}

function Reactions({ message, onDone }: { message: MessageFieldsFragment; onDone: () => void }) {
  const { t } = useTranslation();
  const react = useCommand(React);
  const ours = message.reactions.find((r) => r.author !== "CUSTOMER")?.emoji;
  const send = (emoji: string) => {
    onDone();
    void react({ interactionId: message.interactionId, messageId: message.id, emoji });
  };
  return (
    <Popover
      label={t("conversation.react")}
      side="top"
      open
      onOpenChange={(open) => !open && onDone()}
      trigger={
        <button type="button" aria-label={t("conversation.react")} className={tool}>
          <SmilePlus size={14} />
        </button>
      }
    >
      <div className="flex gap-1">
        {quick.map((emoji) => (
          <button
            key={emoji}
            type="button"
            aria-pressed={ours === emoji}
            aria-label={ours === emoji ? t("conversation.unreact") : emoji}
            onClick={() => send(ours === emoji ? "" : emoji)}
            className="grid size-9 place-items-center rounded-md text-xl hover:bg-hover aria-pressed:bg-selected"
          >
            {emoji}
          </button>
        ))}
      </div>
    </Popover>
  );
}
