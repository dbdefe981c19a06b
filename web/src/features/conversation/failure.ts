import type { TFunction } from "i18next";
import type { MessageFieldsFragment } from "@/graphql/generated/graphql";

type Failure = NonNullable<MessageFieldsFragment["failure"]>;

/** Explains why a message failed or cannot be shown. Unknown failures show the provider's code and text, if any. */
export function failureText({ reason, code, detail }: Failure, t: TFunction): string {
  const words = t(`failure.${reason}`, { code });
  return reason === "OTHER" && detail ? `${words} (${detail})` : words;
}

/** What senders call the kinds of message that cannot be shown, by the provider's name for them. */
const unsupported = [
  "poll_creation",
  "poll",
  "event",
  "group_invite",
  "view_once",
  "video_note",
  "gif",
  "pin",
  "payment",
] as const;

/** Says what kind of message cannot be shown, as far as the provider told. */
export function unsupportedText(kind: string | null, t: TFunction): string {
  if (!kind || kind === "unsupported" || kind === "unknown") return t("failure.CONTENT_UNSUPPORTED");
  const known = unsupported.find((k) => k === kind);
  const what = known ? t(`conversation.unsupported.${known}`) : kind.replaceAll("_", " ");
  return t("conversation.unsupported.kind", { what });
}
