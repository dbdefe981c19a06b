import type { TFunction } from "i18next";
import type { CallOutcome, Direction, MessageKind } from "@/graphql/generated/graphql";
import { callText } from "./call";
import { honestName } from "./fileName";

export type Preview = {
  kind: MessageKind;
  text: string;
  fileName: string | null;
  itemCount: number | null;
  callOutcome: CallOutcome | null;
  erased: boolean;
};

/** Returns the text that stands for a message in a list: its text, its file name, or its kind. */
export function previewText(preview: Preview | null, t: TFunction, direction: Direction = "IN"): string {
  if (!preview) return "";
  if (preview.erased) return t("conversation.erased");
  if (preview.kind === "ORDER" && preview.itemCount) {
    const ordered = t("list.ordered", { count: preview.itemCount });
    return preview.text ? `${ordered} · ${preview.text}` : ordered;
  }
  if (preview.kind === "CALL" && preview.callOutcome) {
    return callText({ outcome: preview.callOutcome }, direction === "IN", t);
  }
  return preview.text || (preview.fileName && honestName(preview.fileName)) || t(`conversation.kind.${preview.kind}`);
}
