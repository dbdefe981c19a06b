import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MessageFieldsFragment } from "@/graphql/generated/graphql";
import { acceptedByButton } from "@/lib/accepted";
import { Empty, ErrorState, Skeleton } from "@/ui/States";
import { Composer } from "./Composer";
import { Header } from "./Header";
import { JoinBanner } from "./JoinBanner";
import { MessageLog } from "./MessageLog";
import { StatusBar } from "./StatusBar";
import { TransferBanner } from "./TransferBanner";
import { UnknownBar } from "./UnknownBar";
import { useAttention } from "./useAttention";
import { useConversation } from "./useConversation";
import { usePending } from "./usePending";

type Props = { id: string; panelShown: boolean; onPanel: () => void; onBack: () => void };

/** The messages of one interaction, and the composer. */
export function Conversation({ id, panelShown, onPanel, onBack }: Props) {
  const { t } = useTranslation();
  const data = useConversation(id);
  const pending = usePending(id, data.drafts, data.messages);
  const [quoting, setQuoting] = useState<MessageFieldsFragment | null>(null);
  const [atEnd, setAtEnd] = useState(true);
  // A conversation that a click on Accept brought up is not closed by a key until the agent has turned to it: it is there
  // to be answered, and letters are the answer.
  const [attended, setAttended] = useState(() => !acceptedByButton(id));
  const attend = () => setAttended(true);
  const { interaction } = data;
  useAttention(interaction, data.messages, atEnd);

  if (!interaction) {
    if (data.problem) return <ErrorState problem={data.problem} onRetry={data.refetch} />;
    if (!data.missing) return <Skeleton rows={8} />;
    return <Empty title={t("conversation.notFound")}>{t("conversation.notFoundHint")}</Empty>;
  }
  return (
    <section
      onPointerDown={attend}
      onKeyDown={(e: KeyboardEvent) => e.key === "Escape" && attend()}
      aria-label={t("conversation.label", { name: interaction.customer.displayName })}
      data-conversation={id}
      className="flex h-full min-h-0 min-w-0 flex-1 flex-col"
    >
      <Header
        interaction={interaction}
        attended={attended}
        watchers={data.watchers}
        panelShown={panelShown}
        onPanel={onPanel}
        onBack={onBack}
      />
      <JoinBanner interaction={interaction} />
      <TransferBanner interaction={interaction} last={data.transfers.at(-1) ?? null} messages={data.messages} />
      <MessageLog
        interaction={interaction}
        messages={data.messages}
        transfers={data.transfers}
        pending={pending.items}
        onRetry={(p) => pending.retry(p, data.messages.at(-1)?.id ?? null)}
        onDiscard={pending.discard}
        hasOlder={data.hasOlder}
        onOlder={data.older}
        onQuote={setQuoting}
        onEnd={setAtEnd}
      />
      <UnknownBar interaction={interaction} messages={data.messages} />
      <StatusBar interaction={interaction} watchers={data.watchers} />
      <Composer
        interaction={interaction}
        account={data.account}
        lastSeen={data.messages.at(-1)?.id ?? null}
        drafts={data.drafts}
        messages={data.messages}
        quoting={quoting}
        onQuoted={() => setQuoting(null)}
        onSend={pending.send}
      />
    </section>
  );
}
