import { hexOf } from '@lotkeeper/protocol/bytes.ts'

/** A recording of a port both ways, one JSON line a chunk; a silence between two chunks heard is a line with an empty hex, as `replay` reads it. */
export const openRecording = ({ write, gapMs, now }: RecordingParts): Recording => {
  const begunAt = now()
  let heardAt: number | null = null
  let chunks = 0
  let total = 0
  const t = () => Math.round(now() - begunAt)
  const line = (dir: 'rx' | 'tx', bytes: Uint8Array) => {
    chunks += 1
    total += bytes.length
    write(`${JSON.stringify({ t: t(), hex: hexOf(bytes), dir })}\n`)
  }
  return {
    heard: (bytes) => {
      const at = now()
      if (heardAt !== null && at - heardAt >= gapMs)
        write(`${JSON.stringify({ t: Math.round(heardAt + gapMs - begunAt), hex: '', dir: 'rx' })}\n`)
      heardAt = at
      line('rx', bytes)
    },
    said: (bytes) => line('tx', bytes),
    state: () => ({ chunks, bytes: total }),
  }
}

export interface RecordingParts {
  readonly write: (line: string) => void
  /** Silence inside which no frame goes on, ms. */
  readonly gapMs: number
  /** A steady clock, ms. */
  readonly now: () => number
}

export interface Recording {
  readonly heard: (bytes: Uint8Array) => void
  readonly said: (bytes: Uint8Array) => void
  readonly state: () => { readonly chunks: number; readonly bytes: number }
}
