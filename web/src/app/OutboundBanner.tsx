import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import { may, useMe } from "@/graphql/me";
import { useLocale } from "@/i18n/locale";
import { formatDateTime } from "@/lib/time";
import { Button } from "@/ui/Button";

const OutboundQuery = graphql(`
  query Outbound {
    outbound {
      held
      reason
      note
      since
    }
  }
`);
const Release = graphql(`
  mutation ReleaseOutbound($input: ReleaseOutboundInput!) {
    releaseOutbound(input: $input) {
      outbound {
        held
        reason
        note
        since
      }
    }
  }
`);

/** Says that nothing is sent to customers, why and since when. Administrators can release the messages. */
export function OutboundBanner() {
  const { t } = useTranslation();
  const locale = useLocale();
  const me = useMe();
  const [{ data }] = useQuery({ query: OutboundQuery });
  const release = useCommand(Release);
  const [asking, setAsking] = useState(false);
  const outbound = data?.outbound;
  if (!outbound?.held || !outbound.since) return null;
  const time = formatDateTime(outbound.since, locale);
  const text =
    outbound.reason === "RESTORED"
      ? t("outbound.restored", { time })
      : t("outbound.held", { time, note: outbound.note ?? "" });
  return (
    <div role="status" className="flex items-center gap-3 bg-danger-soft px-4 py-1.5 text-danger">
      <span className="flex-1">{asking ? t("outbound.ask") : text}</span>
      {asking && (
        <>
          <Button
            size="sm"
            tone="danger"
            onClick={async () => {
              const { problem } = await release({});
              if (!problem) setAsking(false);
            }}
          >
            {t("outbound.send")}
          </Button>
          <Button size="sm" onClick={() => setAsking(false)}>
            {t("common.cancel")}
          </Button>
        </>
      )}
      {!asking && may(me, "ADMINISTER") && (
        <Button size="sm" onClick={() => setAsking(true)}>
          {t("outbound.release")}
        </Button>
      )}
    </div>
  );
}
