import { Fragment, memo, type ReactNode } from "react";
import { type Block, type Piece, parseBlocks } from "./formatting";

/** Shows a message's text with its formatting. Never renders HTML from the text. */
export const MarkedText = memo(function MarkedText({ text }: { text: string }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: blocks of a text have no other identity
  return parseBlocks(text).map((b, i) => <Fragment key={i}>{renderBlock(b)}</Fragment>);
});

function renderBlock(b: Block): ReactNode {
  switch (b.kind) {
    case "paragraph":
      return renderPieces(b.pieces);
    case "quote":
      return (
        <blockquote className="my-0.5 border-current border-s-3 ps-2 opacity-80">{renderPieces(b.pieces)}</blockquote>
      );
    case "bullets":
      return <ul className="list-disc ps-5">{renderItems(b.items)}</ul>;
    case "numbers":
      return (
        <ol start={b.from} className="list-decimal ps-6">
          {renderItems(b.items)}
        </ol>
      );
  }
}

function renderItems(items: Piece[][]): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: items of a list have no other identity
  return items.map((pieces, i) => <li key={i}>{renderPieces(pieces)}</li>);
}

function renderPieces(pieces: Piece[]): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a text have no other identity
  return pieces.map((p, i) => <Fragment key={i}>{renderPiece(p)}</Fragment>);
}

function renderPiece(p: Piece): ReactNode {
  switch (p.kind) {
    case "text":
      return p.text;
    case "bold":
      return <strong className="font-semibold">{renderPieces(p.pieces)}</strong>;
    case "italic":
      return <em>{renderPieces(p.pieces)}</em>;
    case "strike":
      return <s>{renderPieces(p.pieces)}</s>;
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
