import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { problemOf } from "@/graphql/errors";
import { graphql } from "@/graphql/generated";
import type { PanelStoryQuery } from "@/graphql/generated/graphql";
import { useLocale } from "@/i18n/locale";
import { clock, dayName, full, lasted, startOfDay } from "@/lib/time";
import { Broken, Empty, Skeleton } from "@/ui/States";

const Story = graphql(`
  query PanelStory($id: ID!) {
    interaction(id: $id) {
      id
      timeline {
        id
        at
        code
        reason
        seconds
        by {
          id
          name
        }
        agents {
          id
          name
        }
        queue {
          id
          name
        }
      }
    }
  }
`);

type Step = NonNullable<PanelStoryQuery["interaction"]>["timeline"][number];
type Translate = ReturnType<typeof useTranslation>["t"];

const known = [
  "OPENED",
  "OFFERED",
  "OFFER_REJECTED",
  "OFFER_EXPIRED",
  "ACCEPTED",
  "ASSIGNED",
  "RELEASED",
  "TRANSFER_REQUESTED",
  "TRANSFER_ENDED",
  "OWNER_CHANGED",
  "CLOSED",
  "DISPOSED",
  "RETURNED_UNREAD",
  "TRANSFER_OFFERED",
  "TRANSFER_REJECTED",
  "TRANSFER_ACCEPTED",
  "TRANSFER_REFUSED",
  "TRANSFER_VOIDED",
  "SPIED",
  "CONTACT_LINKED",
  "MESSAGE_FAILED",
  "MESSAGE_OUTCOME_UNKNOWN",
  "MEDIA_FAILED",
] as const;

const reasons = ["EXPIRED", "CANCELLED", "REJECTED", "ALL_REJECTED", "NOBODY_ONLINE", "COMPLETED", "CLOSED"] as const;

function inPlainLetters(code: string): string {
  return code.toLowerCase().replaceAll("_", " ");
}

/** Why a step came about, in words; how the session was opened goes without saying. */
function reason(step: Step, t: Translate): string | null {
  if (!step.reason || step.code === "OPENED") return null;
  const known = reasons.find((r) => r === step.reason);
  return known ? t(`story.reasons.${known}`) : inPlainLetters(step.reason);
}

/** A step in words; a code without words of its own is still said, in plain letters. */
export function words(step: Step, t: Translate): string {
  const code = known.find((k) => k === step.code);
  const name = step.by?.name ?? t("common.system");
  const agents = step.agents.map((a) => a.name).join(", ") || step.queue?.name || t("common.nobody");
  if (code) return t(`story.${code}`, { name, agents });
  const plain = inPlainLetters(step.code);
  return plain.charAt(0).toUpperCase() + plain.slice(1) + (step.by ? ` ${t("story.by", { name })}` : "");
}

/** What happened, step by step: who was offered it, who refused, what ran out (B1). */
export function StoryTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [{ data, error }, again] = useQuery({ query: Story, variables: { id } });
  if (!data)
    return error ? (
      <Broken message={problemOf(error)?.message} onRetry={() => again({ requestPolicy: "network-only" })} />
    ) : (
      <Skeleton />
    );
  const steps = data.interaction?.timeline ?? [];
  if (steps.length === 0) return <Empty title={t("list.empty")} />;
  return (
    <ol className="p-4">
      {steps.map((s, n) => {
        const before = steps[n - 1];
        const newDay = !before || startOfDay(before.at) !== startOfDay(s.at);
        return (
          <li key={s.id}>
            {newDay && <p className="pt-2 pb-1 font-medium text-muted text-xs">{dayName(s.at, locale)}</p>}
            <div className="flex gap-3 py-1">
              <time
                dateTime={s.at}
                title={full(s.at, locale)}
                className="nums w-16 shrink-0 whitespace-nowrap text-muted text-sm"
              >
                {clock(s.at, locale)}
              </time>
              <p className="min-w-0 flex-1">
                {words(s, t)}
                {s.seconds !== null && (
                  <span className="nums text-muted"> {t("story.after", { time: lasted(s.seconds * 1000) })}</span>
                )}
                {reason(s, t) && <span className="block text-muted text-sm">{reason(s, t)}</span>}
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
