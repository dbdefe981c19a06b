import { useTranslation } from "react-i18next";
import { useMutation, useQuery } from "urql";
import { problemOf } from "@/graphql/errors";
import { graphql } from "@/graphql/generated";
import { useLocale } from "@/i18n/locale";
import { browserName } from "@/lib/browserName";
import { notify } from "@/lib/notices";
import { formatDateTime } from "@/lib/time";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";

const Sessions = graphql(`
  query BrowserSessions($userId: ID) {
    browserSessions(userId: $userId) {
      id
      userAgent
      network
      lastUsedAt
      current
    }
  }
`);
const End = graphql(`
  mutation EndBrowserSession($input: EndBrowserSessionInput!) {
    endBrowserSession(input: $input) {
      sessions {
        id
      }
    }
  }
`);

/** The browsers a user is signed in with, each with a button that signs it out. Without a user: one's own. */
export function BrowserSessions({ userId }: { userId?: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [{ data }, refetch] = useQuery({
    query: Sessions,
    variables: userId ? { userId } : {},
    requestPolicy: "cache-and-network",
  });
  const [, end] = useMutation(End);
  const signOut = async (sessionId: string) => {
    const { error } = await end({ input: { sessionId, ...(userId ? { userId } : {}) } });
    const problem = problemOf(error);
    if (problem) notify({ tone: "danger", text: problem.message, code: problem.code });
    refetch({ requestPolicy: "network-only" });
  };
  return (
    <section className="col-span-full" aria-label={t("browsers.title")}>
      <h3 className="mb-1 font-medium text-muted text-sm">{t("browsers.title")}</h3>
      {data?.browserSessions.length === 0 && <p className="text-muted">{t("browsers.none")}</p>}
      <ul className="divide-y divide-line">
        {data?.browserSessions.map((s) => (
          <li key={s.id} className="flex items-center gap-3 py-2">
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-2" title={s.userAgent}>
                {browserName(s.userAgent) || t("browsers.unknown")}
                {s.current && <Badge>{t("browsers.current")}</Badge>}
              </p>
              <p className="nums text-muted text-sm">
                {s.network} · {t("browsers.lastUsed", { time: formatDateTime(s.lastUsedAt, locale) })}
              </p>
            </div>
            {!s.current && (
              <Button size="sm" onClick={() => void signOut(s.id)}>
                {t("browsers.signOut")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
