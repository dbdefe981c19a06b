import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { problemOf } from "@/graphql/errors";
import { graphql } from "@/graphql/generated";
import { onArrivals } from "@/graphql/live";
import { useLocale } from "@/i18n/locale";
import { clock, dayName, full, lasted, startOfDay } from "@/lib/time";
import { Empty, Skeleton, Trouble } from "@/ui/States";
import { reason, told, words } from "./story";

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

/** What happened, step by step: who was offered it, who refused, what ran out (B1). */
export function StoryTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [{ data, error }, again] = useQuery({ query: Story, variables: { id } });
  useEffect(
    () =>
      onArrivals(({ interactions }) => {
        if (interactions.some((i) => i.id === id)) again({ requestPolicy: "network-only" });
      }),
    [id, again],
  );
  const problem = problemOf(error);
  if (!data)
    return problem ? (
      <Trouble problem={problem} onRetry={() => again({ requestPolicy: "network-only" })} />
    ) : (
      <Skeleton />
    );
  const steps = told(data.interaction?.timeline ?? []);
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
