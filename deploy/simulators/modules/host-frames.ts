import { createFramer, type Framing } from '@lotkeeper/edge/serial/framing.ts'

/** Frames a module hears from its host; a silence inside one ends it, as the manuals say of their readers, so that foreign bytes hold up nothing. */
export const createHostFrames = (
  framing: Framing,
  silenceMs = SILENCE_MS,
): ((bytes: Uint8Array, atMs: number) => readonly Uint8Array[]) => {
  const framer = createFramer(framing)
  let heardAt = Number.NEGATIVE_INFINITY
  return (bytes, atMs) => {
    const before = atMs - heardAt > silenceMs ? framer.gap() : []
    heardAt = atMs
    return [...before, ...framer.take(bytes)].flatMap((piece) => (piece.kind === 'frame' ? [piece.bytes] : []))
  }
}

/** [UHF RFID Reader Series manual 2.20: 15 ms]; a system that writes in two goes is allowed a little more. */
const SILENCE_MS = 40
