import type { TFunction } from "i18next";
import type { CallOutcome } from "@/graphql/generated/graphql";

export type Call = { outcome: CallOutcome; seconds?: number | null };

/** Says in words how a call went. The customer made it if it is inbound. */
export function callText(call: Call | null, inbound: boolean, t: TFunction): string {
  switch (call?.outcome) {
    case "RINGING":
      return t(inbound ? "conversation.call.incoming" : "conversation.call.outgoing");
    case "MISSED":
      return t(inbound ? "conversation.call.missed" : "conversation.call.unanswered");
    case "ANSWERED":
      return call.seconds
        ? t("conversation.call.talked", { time: duration(call.seconds) })
        : t("conversation.kind.CALL");
    case undefined:
      return t("conversation.kind.CALL");
  }
}

/** Returns minutes and seconds, such as 2:05. */
function duration(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
