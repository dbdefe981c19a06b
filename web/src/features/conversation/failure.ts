import type { TFunction } from "i18next";
import type { MessageFieldsFragment } from "@/graphql/generated/graphql";

type Failure = NonNullable<MessageFieldsFragment["failure"]>;

/** Explains why a message failed or cannot be shown. Unknown failures show the provider's code and text, if any. */
export function failureText({ reason, code, detail }: Failure, t: TFunction): string {
  const words = t(`failure.${reason}`, { code });
  return reason === "OTHER" && detail ? `${words} (${detail})` : words;
}
