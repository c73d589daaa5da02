import type { SymbolView } from '@lotkeeper/protocol/api/node-scans.ts'

type Piece = SymbolView['pieces'][number]

/** Pieces with the place where each begins, as far as so many letters go. */
export const placedPieces = (pieces: readonly Piece[], length: number): readonly (Piece & { readonly from: number })[] => {
  const placed: (Piece & { from: number })[] = []
  let from = 0
  for (const piece of pieces) {
    if (from >= length) break
    const text = piece.text.slice(0, length - from)
    placed.push({ ...piece, text: text.length < piece.text.length ? `${text}…` : text, from })
    from += piece.text.length
  }
  return placed
}
