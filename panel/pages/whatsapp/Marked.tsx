import { Fragment, useMemo } from "react";
import { type Piece, piecesOf } from "./markup.ts";

/** A text with the marks of WhatsApp as what they stand for. */
export function Marked({ text }: { text: string }) {
  const pieces = useMemo(() => piecesOf(text), [text]);
  return <Pieces pieces={pieces} />;
}

function Pieces({ pieces }: { pieces: readonly Piece[] }) {
  return pieces.map((piece, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces have nothing but their place, and hold no state.
    <Fragment key={index}>
      <One piece={piece} />
    </Fragment>
  ));
}

function One({ piece }: { piece: Piece }) {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "mono":
      return <code>{piece.text}</code>;
    case "bold":
      return (
        <strong>
          <Pieces pieces={piece.pieces} />
        </strong>
      );
    case "italic":
      return (
        <em>
          <Pieces pieces={piece.pieces} />
        </em>
      );
    case "strike":
      return (
        <s>
          <Pieces pieces={piece.pieces} />
        </s>
      );
  }
}
