import type { TFunction } from "i18next";
import type { MessageFieldsFragment } from "@/graphql/generated/graphql";
import { formatDateTime } from "@/lib/time";

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
