/** WhatsApp's way of marking words: *bold*, _italic_, ~struck~, `code` and ```code```, and plain addresses. */
export type Piece =
  | { kind: "text"; text: string }
  | { kind: "bold" | "italic" | "strike"; pieces: Piece[] }
  | { kind: "code"; text: string }
  | { kind: "link"; text: string; href: string };

const wrappers = { "*": "bold", _: "italic", "~": "strike" } as const;
const address = /^https?:\/\/[^\s<>"']+/i;
const wordBefore = /[\p{L}\p{N}]$/u;
const wordAfter = /^[\p{L}\p{N}]/u;

/** Reads a text into pieces. Marks count only around words, as on the phone: 2*3*4 stays as it is. */
export function readMarks(text: string): Piece[] {
  const out: Piece[] = [];
  let plain = "";
  const push = (piece: Piece) => {
    if (plain) out.push({ kind: "text", text: plain });
    plain = "";
    out.push(piece);
  };
  let i = 0;
  while (i < text.length) {
    const rest = text.slice(i);
    const found = code(rest) ?? (wordBefore.test(text.slice(0, i)) ? null : (link(rest) ?? wrapped(rest)));
    if (found) {
      push(found.piece);
      i += found.length;
    } else {
      plain += text[i];
      i++;
    }
  }
  if (plain) out.push({ kind: "text", text: plain });
  return out;
}

type Found = { piece: Piece; length: number };

function code(rest: string): Found | null {
  for (const fence of ["```", "`"]) {
    if (!rest.startsWith(fence)) continue;
    const end = rest.indexOf(fence, fence.length);
    if (end > fence.length)
      return { piece: { kind: "code", text: rest.slice(fence.length, end) }, length: end + fence.length };
  }
  return null;
}

function link(rest: string): Found | null {
  const match = address.exec(rest)?.[0];
  if (!match) return null;
  const href = match.replace(/[.,;:!?)\]]+$/, "");
  return { piece: { kind: "link", text: href, href }, length: href.length };
}

function wrapped(rest: string): Found | null {
  const mark = rest[0];
  if (mark !== "*" && mark !== "_" && mark !== "~") return null;
  for (let end = rest.indexOf(mark, 2); end > 0; end = rest.indexOf(mark, end + 1)) {
    const inner = rest.slice(1, end);
    if (inner.includes("\n")) return null;
    if (/^\s|\s$/.test(inner) || wordAfter.test(rest.slice(end + 1))) continue;
    return { piece: { kind: wrappers[mark], pieces: readMarks(inner) }, length: end + 1 };
  }
  return null;
}

const onlyEmoji = /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\u200d|\ufe0f|\s){1,24}$/u;

/** A short text of nothing but emoji is shown large. */
export function isOnlyEmoji(text: string): boolean {
  return /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(text) && onlyEmoji.test(text) && !/\d/.test(text);
}
