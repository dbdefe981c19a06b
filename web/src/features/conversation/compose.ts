import type { InteractionAction } from "@/graphql/generated/graphql";

/** Who the text is for: the customer, all colleagues, or only the owner. */
export type Mode = "reply" | "note" | "whisper";

/** Returns the maximum number of characters the channel accepts. Captions of files have a lower limit. */
export function limitOf(withFile: boolean): number {
  return withFile ? 1024 : 4096;
}

/** Returns the number of characters over the limit, counting code points. */
export function excess(text: string, withFile: boolean): number {
  return Math.max(0, [...text.trim()].length - limitOf(withFile));
}

/** Returns the modes to show, replies first. An owner whose reply window is closed is told so where they would reply. */
export function modesOf(actions: readonly InteractionAction[], windowClosed: boolean): Mode[] {
  const all: [InteractionAction, Mode][] = [
    ["REPLY", "reply"],
    ["NOTE", "note"],
    ["WHISPER", "whisper"],
  ];
  return all.flatMap(([action, mode]) =>
    actions.includes(action) || (mode === "reply" && windowClosed) ? [mode] : [],
  );
}

/**
 * Reports whether a paste adds files. Spreadsheets and word processors also put a picture of the text on the clipboard;
 * then the text is what was meant. A file manager puts the files' names beside them, but as plain text only.
 */
export function pastesFiles(data: Pick<DataTransfer, "files" | "getData">): boolean {
  if (data.files.length === 0) return false;
  const pictures = [...data.files].every((f) => f.type.startsWith("image/"));
  const words = data
    .getData("text/html")
    .replace(/<(style|script)[\s\S]*?<\/\1>|<!--[\s\S]*?-->|<[^>]*>|&nbsp;|\s/gi, "");
  return !(pictures && words !== "" && data.getData("text/plain").trim() !== "");
}

/** Replaces the selection with `inserted` and puts the caret behind it. */
export function insert(text: string, inserted: string, start: number, end: number): { text: string; caret: number } {
  return { text: text.slice(0, start) + inserted + text.slice(end), caret: start + inserted.length };
}
