/** WhatsApp formatting: *bold*, _italic_, ~struck~, `code`, ```code``` and links. */
export type Piece =
  | { kind: "text"; text: string }
  | { kind: "bold" | "italic" | "strike"; pieces: Piece[] }
  | { kind: "code"; text: string }
  | { kind: "link"; text: string; href: string };

const wrappers = { "*": "bold", _: "italic", "~": "strike" } as const;
const address = /^https?:\/\/[^\s<>"']+/i;
const wordBefore = /[\p{L}\p{N}]$/u;
const wordAfter = /^[\p{L}\p{N}]/u;

/** Parses inline formatting. Marks only count around words, as in WhatsApp: 2*3*4 stays as it is. */
export function parseInline(text: string): Piece[] {
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
    return { piece: { kind: wrappers[mark], pieces: parseInline(inner) }, length: end + 1 };
  }
  return null;
}

/** A block of lines: plain text, a quote, a bulleted list or a numbered list. */
export type Block =
  | { kind: "paragraph" | "quote"; pieces: Piece[] }
  | { kind: "bullets"; items: Piece[][] }
  | { kind: "numbers"; from: number; items: Piece[][] };

const quoted = /^> ?(.*)$/;
const point = /^[*-] (.+)$/;
const numbered = /^(\d{1,3})\. (.+)$/;
const fence = /```[\s\S]+?```/g;

type Line = { kind: Block["kind"]; text: string; number: number };

function parseLine(text: string): Line {
  const quote = quoted.exec(text);
  if (quote) return { kind: "quote", text: quote[1] ?? "", number: 0 };
  const dot = point.exec(text);
  if (dot) return { kind: "bullets", text: dot[1] ?? "", number: 0 };
  const one = numbered.exec(text);
  if (one) return { kind: "numbers", text: one[2] ?? "", number: Number(one[1]) };
  return { kind: "paragraph", text, number: 0 };
}

/** Parses a text into blocks. Multi-line code stays in one piece. */
export function parseBlocks(text: string): Block[] {
  const codes: string[] = [];
  const flat = text.replace(fence, (code) => `\u0000${codes.push(code) - 1}\u0000`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a placeholder for code that no message contains
  const whole = (line: string) => line.replace(/\u0000(\d+)\u0000/g, (_, n) => codes[Number(n)] ?? "");
  const groups: { kind: Block["kind"]; lines: Line[] }[] = [];
  for (const line of flat.split("\n").map(parseLine)) {
    const last = groups.at(-1);
    if (last?.kind === line.kind) last.lines.push(line);
    else groups.push({ kind: line.kind, lines: [line] });
  }
  return groups.map(({ kind, lines }): Block => {
    if (kind === "paragraph" || kind === "quote") {
      return { kind, pieces: parseInline(whole(lines.map((l) => l.text).join("\n"))) };
    }
    const items = lines.map((l) => parseInline(whole(l.text)));
    return kind === "bullets" ? { kind, items } : { kind, from: lines[0]?.number ?? 1, items };
  });
}

const onlyEmoji = /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\u200d|\ufe0f|\s){1,24}$/u;

/** Reports whether a short text consists only of emoji, which are shown large. */
export function isOnlyEmoji(text: string): boolean {
  return /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(text) && onlyEmoji.test(text) && !/\d/.test(text);
}

/** Reports whether a text is so long that it is folded: it would fill the screen and hide what was said before. */
export function isLong(text: string): boolean {
  return text.length > 1200 || text.split("\n").length > 18;
}
