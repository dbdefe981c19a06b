import type { TFunction } from "i18next";

/** Says in words what a notice about the customer is about, by the provider's name for it; null if it is not known. */
export function noticeText(type: string | null, t: TFunction): string | null {
  if (!type) return null;
  if (type.endsWith("changed_number")) return t("conversation.notice.number");
  if (type.endsWith("identity_changed")) return t("conversation.notice.identity");
  return null;
}
