import type { SymbolView } from '@lotkeeper/protocol/api/node-scans.ts'

type Piece = SymbolView['pieces'][number]

/** A text cut at the signs drawn for control characters, each with its name [ISO 646]. */
export const signsIn = (text: string): readonly { readonly from: number; readonly text: string; readonly name: string | null }[] => {
  const cut: { from: number; text: string; name: string | null }[] = []
  for (let from = 0; from < text.length; ) {
    const name = NAMES[text.charCodeAt(from) - SIGNS_FROM] ?? null
    let to = from + 1
    while (name === null && to < text.length && NAMES[text.charCodeAt(to) - SIGNS_FROM] === undefined) to += 1
    cut.push({ from, text: text.slice(from, to), name })
    from = to
  }
  return cut
}

const SIGNS_FROM = 0x2400
const NAMES: readonly string[] =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US SP DEL'.split(' ')

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
