import type { Garbage, Terminator, TextCoding } from './kind.ts'
import { textOf } from './text-coding.ts'

/**
 * Cuts a scanner's bytes into scans. Separators inside the text stay: GS (1D) carries the meaning of FNC1 [GS1 GS 7.8.3], RS and EOT that of
 * ISO/IEC 15434 envelopes. STX and ETX around the text are framing and go. What cannot be a scan leaves as garbage with its bytes, never silently.
 */
export const createTextLine = (options: TextLineOptions): TextLine => {
  const held: number[] = []
  let overlong = false
  const taken = (): Uint8Array => Uint8Array.from(held.splice(0))
  const close = (): readonly Piece[] => {
    const bytes = taken()
    const pieces: readonly Piece[] =
      overlong && bytes.length > 0 ? [{ kind: 'garbage', bytes, reason: 'too-long' }] : piecesOf(bytes, options)
    overlong = false
    return pieces
  }
  return {
    take: (chunk) => {
      const pieces: Piece[] = []
      for (const byte of chunk) {
        if (ends(options.terminator, byte, held)) pieces.push(...close())
        else held.push(byte)
        if (held.length <= options.bytesMax) continue
        // Its rest, up to the terminator, is garbage too.
        overlong = true
        pieces.push({ kind: 'garbage', bytes: taken(), reason: 'too-long' })
      }
      return pieces
    },
    gap: () => {
      const bytes = taken()
      overlong = false
      return bytes.length === 0 ? [] : [{ kind: 'garbage', bytes, reason: 'unterminated' }]
    },
    waiting: () => held.length,
  }
}

export interface TextLineOptions {
  readonly terminator: Terminator
  /** Longest scan in bytes; a GS1 DataMatrix holds 2335 characters at most. */
  readonly bytesMax: number
  readonly coding: TextCoding
}

export interface TextLine {
  readonly take: (chunk: Uint8Array) => readonly Piece[]
  /** The line fell silent: a scan without its end is garbage, because a part of it may be missing. */
  readonly gap: () => readonly Piece[]
  readonly waiting: () => number
}

export type Piece = { readonly kind: 'scan'; readonly text: string } | Garbage

/** Consumes the end of a scan; a CR that belongs to CRLF is taken off what is held. */
const ends = (terminator: Terminator, byte: number, held: number[]): boolean => {
  if (terminator === 'any') return byte === CR || byte === LF
  if (terminator === 'CR') return byte === CR
  if (terminator === 'LF') return byte === LF
  if (byte !== LF || held.at(-1) !== CR) return false
  held.pop()
  return true
}

const piecesOf = (whole: Uint8Array, { coding }: TextLineOptions): readonly Piece[] => {
  const bytes = unframed(whole)
  if (bytes.length === 0) return []
  if (bytes.some((byte) => (byte < SPACE || byte === DELETE) && !SEPARATORS.includes(byte))) {
    return [{ kind: 'garbage', bytes: whole, reason: 'control-characters' }]
  }
  const text = textOf(bytes, coding)
  if (text === null) return [{ kind: 'garbage', bytes: whole, reason: 'not-utf8' }]
  return [{ kind: 'scan', text }]
}

/** Without STX before and ETX behind, and without the other half of a terminator that was set narrower than what the scanner sends. */
const unframed = (bytes: Uint8Array): Uint8Array => {
  let from = 0
  let to = bytes.length
  while (from < to && (bytes[from] === LF || bytes[from] === STX)) from += 1
  while (to > from && (bytes[to - 1] === CR || bytes[to - 1] === ETX)) to -= 1
  return bytes.subarray(from, to)
}

const CR = 0x0d
const LF = 0x0a
const STX = 0x02
const ETX = 0x03
const SPACE = 0x20
const DELETE = 0x7f
/** EOT, FS, GS, RS, US: data structure characters of ISO/IEC 15434. */
const SEPARATORS: readonly number[] = [0x04, 0x1c, 0x1d, 0x1e, 0x1f]
