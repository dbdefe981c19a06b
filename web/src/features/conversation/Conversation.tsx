import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MessageFieldsFragment } from "@/graphql/generated/graphql";
import { Empty, ErrorState, Skeleton } from "@/ui/States";
import { Composer } from "./Composer";
import { Header } from "./Header";
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
  const pending = usePending(id);
  const [quoted, setQuoted] = useState<MessageFieldsFragment | null>(null);
  const [atEnd, setAtEnd] = useState(true);
  const { interaction } = data;
  useAttention(interaction, data.messages, atEnd);

  if (!interaction) {
    if (data.problem) return <ErrorState problem={data.problem} onRetry={data.refetch} />;
    if (!data.missing) return <Skeleton rows={8} />;
    return <Empty title={t("conversation.notFound")}>{t("conversation.notFoundHint")}</Empty>;
  }
  return (
    <section
      aria-label={t("conversation.label", { name: interaction.customer.displayName })}
      data-conversation={id}
      className="flex h-full min-h-0 min-w-0 flex-1 flex-col"
    >
      <Header
        interaction={interaction}
        watchers={data.watchers}
        panelShown={panelShown}
        onPanel={onPanel}
        onBack={onBack}
      />
      <TransferBanner interaction={interaction} last={data.lastTransfer} messages={data.messages} />
      <MessageLog
        interaction={interaction}
        messages={data.messages}
        pending={pending.items}
        onRetry={(p) => pending.retry(p, data.messages.at(-1)?.id ?? null)}
        onDiscard={pending.discard}
        hasOlder={data.hasOlder}
        onOlder={data.older}
        onQuote={setQuoted}
        onEnd={setAtEnd}
      />
      <UnknownBar interaction={interaction} messages={data.messages} />
      <StatusBar interaction={interaction} watchers={data.watchers} />
      <Composer
        interaction={interaction}
        account={data.account}
        lastSeen={data.messages.at(-1)?.id ?? null}
        quoted={quoted}
        onQuoteDone={() => setQuoted(null)}
        onSend={pending.send}
      />
    </section>
  );
}
