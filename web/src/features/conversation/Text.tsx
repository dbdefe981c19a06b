import { Fragment, memo, type ReactNode } from "react";
import { type Block, type Piece, readBlocks } from "./marks";

/** A message's words with their marks shown as marks. Nothing in them is ever markup. */
export const MarkedText = memo(function MarkedText({ text }: { text: string }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one text have no other identity
  return readBlocks(text).map((b, i) => <Fragment key={i}>{block(b)}</Fragment>);
});

function block(b: Block): ReactNode {
  switch (b.kind) {
    case "words":
      return draw(b.pieces);
    case "quote":
      return <blockquote className="my-0.5 border-current border-s-3 ps-2 opacity-80">{draw(b.pieces)}</blockquote>;
    case "points":
      return <ul className="list-disc ps-5">{points(b.items)}</ul>;
    case "numbers":
      return (
        <ol start={b.from} className="list-decimal ps-6">
          {points(b.items)}
        </ol>
      );
  }
}

function points(items: Piece[][]): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: points of one list have no other identity
  return items.map((pieces, i) => <li key={i}>{draw(pieces)}</li>);
}

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
