import type { TFunction } from "i18next";
import type { MessageFieldsFragment } from "@/graphql/generated/graphql";
import { formatDateTime } from "@/lib/time";

/** Says in words how a call went. */
export function callText({ author, call }: Pick<MessageFieldsFragment, "author" | "call">, t: TFunction): string {
  const inbound = author === "CUSTOMER";
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

/** Says in words what a customer answered to our request to call. */
export function callPermissionText(
  answer: MessageFieldsFragment["callPermission"],
  t: TFunction,
  locale: string,
): string {
  if (!answer) return t("conversation.kind.CALL_PERMISSION");
  if (!answer.granted) return t("conversation.call.denied");
  if (answer.permanent || !answer.until) return t("conversation.call.allowed");
  return t("conversation.call.allowedUntil", { time: formatDateTime(answer.until, locale) });
}

/** Returns minutes and seconds, such as 2:05. */
function duration(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
