import type { TFunction } from "i18next";
import { en } from "@/i18n/en";

type Field = keyof typeof en.settings.notices.field;

type Notice = { field: string; event: string | null; template: string | null };

/** Says in one line what a notice is about, such as "Template quality: yellow (order_update en_US)". */
export function noticeTitle({ field, event, template }: Notice, t: TFunction): string {
  const about = isKnown(field) ? t(`settings.notices.field.${field}`) : plainText(field);
  return about + (event ? `: ${plainText(event)}` : "") + (template ? ` (${template})` : "");
}

function isKnown(field: string): field is Field {
  return field in en.settings.notices.field;
}

/** Returns a provider's code as plain words. */
function plainText(code: string): string {
  return code.toLowerCase().replaceAll("_", " ");
}
