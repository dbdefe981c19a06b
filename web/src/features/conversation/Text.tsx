import { Fragment, memo, type ReactNode } from "react";
import { type Piece, readMarks } from "./marks";

/** A message's words with their marks shown as marks. Nothing in them is ever markup. */
export const MarkedText = memo(function MarkedText({ text }: { text: string }) {
  return <>{draw(readMarks(text))}</>;
});

function draw(pieces: Piece[]): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other identity
  return pieces.map((p, i) => <Fragment key={i}>{one(p)}</Fragment>);
}

function one(p: Piece): ReactNode {
  switch (p.kind) {
    case "text":
      return p.text;
    case "bold":
      return <strong className="font-semibold">{draw(p.pieces)}</strong>;
    case "italic":
      return <em>{draw(p.pieces)}</em>;
    case "strike":
      return <s>{draw(p.pieces)}</s>;
    case "code":
      return <code className="rounded-sm bg-canvas px-1 font-mono text-sm">{p.text}</code>;
    case "link":
      return (
        <a href={p.href} target="_blank" rel="noopener noreferrer" className="break-all text-accent underline">
          {p.text}
        </a>
      );
  }
}
