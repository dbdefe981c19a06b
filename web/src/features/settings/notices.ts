import type { TFunction } from "i18next";
import { en } from "@/i18n/en";

type Field = keyof typeof en.settings.notices.field;
type Event = keyof typeof en.settings.notices.event;

type Notice = { field: string; event: string | null; template: string | null };

/** Says in one line what a notice is about, such as "Template quality: medium (order_update en_US)". */
export function noticeTitle({ field, event, template }: Notice, t: TFunction): string {
  const about = isField(field) ? t(`settings.notices.field.${field}`) : plainText(field);
  const what = event && (isEvent(event) ? t(`settings.notices.event.${event}`) : plainText(event));
  return about + (what ? `: ${what}` : "") + (template ? ` (${template})` : "");
}

/** Says how a notice is coloured: whether it is bad news, a warning or good news. */
export function noticeTone(event: string | null): "danger" | "warn" | "good" | "plain" {
  switch (event) {
    case "ACCOUNT_DELETED":
    case "ACCOUNT_RESTRICTION":
    case "ACCOUNT_VIOLATION":
    case "DISABLED":
    case "DISABLED_UPDATE":
    case "RED":
    case "REJECTED":
      return "danger";
    case "DOWNGRADE":
    case "FLAGGED":
    case "LIMIT_EXCEEDED":
    case "PAUSED":
    case "YELLOW":
      return "warn";
    case "APPROVED":
    case "GREEN":
    case "REINSTATED":
    case "UNFLAGGED":
    case "VERIFIED_ACCOUNT":
      return "good";
  }
  return "plain";
}

function isField(field: string): field is Field {
  return field in en.settings.notices.field;
}

function isEvent(event: string): event is Event {
  return event in en.settings.notices.event;
}

/** Returns a provider's code as plain words. */
function plainText(code: string): string {
  return code.toLowerCase().replaceAll("_", " ");
}
