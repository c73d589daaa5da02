/**
 * Cuts a stream of bytes into frames by the length each frame announces, driven by a family's table (rfid.md 1.9).
 * No delimiter is trusted: `7E`, `A0`, `5A` and `0D0A` all occur inside payloads. What cannot be a frame loses ONE byte and is looked at again,
 * and every byte that is lost leaves as `Noise`. Pure: the caller says when bytes came and when the line fell silent.
 */
export const createFramer = (framing: Framing): Framer => {
  let held: Uint8Array = NOTHING
  let doubt: Doubt = { lost: 0, why: 'header' }
  const scan = (bytes: Uint8Array, ended: boolean): readonly Framed[] => {
    const found: Framed[] = []
    const { from, ...next } = cut(framing, { bytes, ended, ...doubt }, found)
    doubt = next
    // The rest is copied: it must not keep a whole chunk alive, nor change when the driver reuses its buffer.
    held = from === bytes.length ? NOTHING : bytes.slice(from)
    return found
  }
  return {
    take: (chunk) => scan(held.length === 0 ? chunk : joined(held, chunk), false),
    gap: () => (held.length === 0 ? [] : scan(held, true)),
    waiting: () => held.length,
  }
}

/** Returned by `Framing.total` when the bytes so far do not tell the length yet. */
export const MORE = 0
/** Returned by `Framing.total` when no frame can begin with these bytes. */
export const NEVER = -1

/** How one protocol family marks its frames. One such table per family (and direction, where the two differ). */
export interface Framing {
  /** Longest whole frame accepted, in bytes; a longer announcement is noise, so a false header cannot swallow the line. */
  readonly bytesMax: number
  /** Whether a frame may begin with this byte. */
  readonly starts: (byte: number) => boolean
  /** Whole length of the frame beginning at `at`, or `MORE`, or `NEVER`. */
  readonly total: (bytes: Uint8Array, at: number) => number
  /** What is wrong with the complete frame `bytes[at, at + total)`, or `null` when it holds. */
  readonly check: (bytes: Uint8Array, at: number, total: number) => NoiseReason | null
  /** Silence inside a frame after which its rest will not come, ms. */
  readonly gapMs: number
  /** Bytes that mean nothing between frames and are passed over without a report (a bare keep-alive). */
  readonly idleBytes?: readonly number[]
  /**
   * Frames have no mark to begin with, so almost any byte may begin one. What was lost is then told together with the doubtful bytes right behind
   * it, once they are decided: without that the tail of every broken frame would be a report of its own.
   */
  readonly headless?: boolean
}

/** `header`: no frame begins so; `length`: longer than the cap or impossible; `checksum` (a sum), `crc`, `end`: the check failed; `gap`: the rest never came. */
export type NoiseReason = 'header' | 'length' | 'checksum' | 'crc' | 'end' | 'gap'

/** Bytes that were no frame, in the order they came; one report per region and chunk. */
export interface Noise {
  readonly kind: 'noise'
  readonly bytes: Uint8Array
  readonly reason: NoiseReason
}

/** One piece of the stream: a whole checked frame, or what lay between frames. */
export type Framed = { readonly kind: 'frame'; readonly bytes: Uint8Array } | Noise

export interface Framer {
  /** Frames and noise completed by this chunk. Frames are views into the chunk. */
  readonly take: (chunk: Uint8Array) => readonly Framed[]
  /** The line fell silent for `gapMs`: what is held is no frame, but a whole frame may still stand inside it. */
  readonly gap: () => readonly Framed[]
  /** Bytes held back for the rest of a frame, and where frames are headless what was lost before it; never more than twice `bytesMax`. */
  readonly waiting: () => number
}

/** Bytes at the beginning that are known to be lost, and why. */
interface Doubt {
  readonly lost: number
  readonly why: NoiseReason
}

/** Scans all bytes; returns where the held rest begins, and how much of it is lost. A loop: depth does not grow with noise. */
const cut = (
  framing: Framing,
  { bytes, ended, lost, why }: Doubt & { readonly bytes: Uint8Array; readonly ended: boolean },
  found: Framed[],
): Doubt & { readonly from: number } => {
  let at = lost
  let lostFrom = lost > 0 ? 0 : -1
  let lostWhy = why
  const flush = () => {
    if (lostFrom >= 0) found.push({ kind: 'noise', bytes: bytes.subarray(lostFrom, at), reason: lostWhy })
    lostFrom = -1
  }
  while (at < bytes.length) {
    const seen = look(framing, bytes, at)
    if (seen === MORE && !ended) break
    if (typeof seen === 'number' && seen !== MORE) {
      flush()
      found.push({ kind: 'frame', bytes: bytes.subarray(at, at + seen) })
      at += seen
      continue
    }
    if (lostFrom < 0 && !(framing.idleBytes?.includes(bytes[at] as number) ?? false)) {
      lostFrom = at
      lostWhy = seen === MORE ? 'gap' : (seen as NoiseReason)
    }
    at += 1
  }
  if (framing.headless && lostFrom >= 0 && at < bytes.length && at - lostFrom < framing.bytesMax)
    return { from: lostFrom, lost: at - lostFrom, why: lostWhy }
  flush()
  return { from: at, lost: 0, why: 'header' }
}

/** Length of the whole frame at `at`, `MORE`, or why there is none. */
const look = (framing: Framing, bytes: Uint8Array, at: number): number | NoiseReason => {
  if (!framing.starts(bytes[at] as number)) return 'header'
  const total = framing.total(bytes, at)
  if (total === MORE) return MORE
  if (total < 0 || total > framing.bytesMax) return 'length'
  if (at + total > bytes.length) return MORE
  return framing.check(bytes, at, total) ?? total
}

const joined = (first: Uint8Array, second: Uint8Array): Uint8Array => {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

const NOTHING = new Uint8Array(0)
