import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { SCANNER_KIND_NAMES } from './readers/barcode/kinds.ts'
import { createScanPlayer } from './readers/barcode/play.ts'
import { FAMILY_NAMES, familyOf } from './readers/uhf/families.ts'
import type { Family, Read, Sender } from './readers/uhf/family.ts'
import { createFramer, type Framed, type Noise } from './serial/framing.ts'

/**
 * Plays recorded bytes of readers and scanners through the same framer and family table that a live port uses. In: NDJSON chunks `{"t":ms,"hex":"..."}`, an empty
 * hex being a silence inside which no frame goes on. Out, one JSON line each: `{"frame","decoded"}`, `{"reject","reason"}`, `{"sighting"}`, `{"scan"}`, and for
 * what is no chunk `{"valid":false,"code","message"}`, after which the stream goes on. Bytes left at the end are played out as after a silence.
 * A recording of both directions says `"dir":"tx"` with what the host sent; without it, what is no frame of the module is tried as one of the host's.
 */
export async function* replayLines(family: string, lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  const player = playerOf(family)
  if (player === null) {
    yield JSON.stringify(refusal('replay.family-unknown', `unknown family ${family}; known: ${REPLAY_NAMES.join(', ')}`))
    return
  }
  let number = 0
  for await (const line of lines) {
    number += 1
    if (line.trim() === '') continue
    for (const said of playLine(player, line, number)) yield JSON.stringify(said)
  }
  for (const said of player.end()) yield JSON.stringify(said)
}

/** What can be wrong with what is played; returned as lines, never thrown. */
export const REPLAY_REFUSALS = {
  'replay.family-unknown': { zh: '不认识这种读写器协议', en: 'this reader protocol is not known' },
  'replay.line-malformed': { zh: '这一行不是 {"t":毫秒,"hex":"..."}', en: 'this line is not {"t":ms,"hex":"..."}' },
} as const
export type ReplayRefusalCode = keyof typeof REPLAY_REFUSALS

/** Names of what can be played: the reader families, then the kinds of scanners. */
export const REPLAY_NAMES: readonly string[] = [...FAMILY_NAMES, ...SCANNER_KIND_NAMES]

/** Whether a name, in any letter case, can be played. */
export const isReplayed = (name: string): boolean => playerOf(name) !== null

interface Player {
  readonly take: (bytes: Uint8Array, t: number, by: Sender) => readonly object[]
  readonly gap: () => readonly object[]
  readonly end: () => readonly object[]
}

const playerOf = (name: string): Player | null => {
  const family = familyOf(name)
  if (family !== null) return createPlayer(family)
  const kind = SCANNER_KIND_NAMES.find((one) => one === name.toLowerCase())
  return kind === undefined ? null : createScanPlayer(kind)
}

const playLine = (player: Player, line: string, number: number): readonly object[] => {
  const chunk = chunkOf(line)
  if (chunk === null) return [refusal('replay.line-malformed', `line ${number} is not {"t":ms,"hex":"..."}`)]
  return chunk.bytes.length === 0 ? player.gap() : player.take(chunk.bytes, chunk.t, chunk.bySender)
}

const createPlayer = (family: Family): Player => {
  const framer = createFramer(family.framing)
  const sent = createFramer(family.framingSent ?? family.framing)
  let last = 0
  // What a silence ends was heard before it.
  const told = (pieces: readonly Framed[]) => pieces.flatMap((piece) => linesOf(family, piece, last))
  const toldSent = (pieces: readonly Framed[]) =>
    pieces.map((piece) => (piece.kind === 'noise' ? rejectOf(piece) : frameOf(family, piece.bytes, 'host')))
  const gap = () => [...told(framer.gap()), ...toldSent(sent.gap())]
  return {
    take: (bytes, t, by) => {
      last = t
      return by === 'host' ? toldSent(sent.take(bytes)) : told(framer.take(bytes))
    },
    gap,
    end: gap,
  }
}

const linesOf = (family: Family, piece: Framed, t: number): readonly object[] => {
  if (piece.kind === 'noise') return sentOf(family, piece.bytes) ?? [rejectOf(piece)]
  const heard = family.hear(piece.bytes)
  const reads = heard.kind === 'reads' ? heard.reads.filter(({ crcOk }) => crcOk !== false) : []
  return [frameOf(family, piece.bytes), ...reads.map((read) => ({ sighting: sightingOf(read, t) }))]
}

const frameOf = (family: Family, bytes: Uint8Array, by?: Sender): object => ({ frame: hexOf(bytes), decoded: family.decoded(bytes, by) })
const rejectOf = ({ bytes, reason }: Noise): object => ({ reject: hexOf(bytes), reason })

/** Bytes that are nothing but frames of the host's form, in a recording that does not say who sent them. */
const sentOf = (family: Family, bytes: Uint8Array): readonly object[] | null => {
  if (family.framingSent === null) return null
  const framer = createFramer(family.framingSent)
  const pieces = framer.take(bytes)
  if (framer.waiting() > 0 || pieces.some(({ kind }) => kind === 'noise')) return null
  return pieces.map((piece) => frameOf(family, piece.bytes, 'host'))
}

const sightingOf = ({ port, epc, pc, rssiDbm, rssiRaw, phaseDeg }: Read, t: number): object => ({
  t,
  antenna: port,
  epc: hexOf(epc),
  pc: pc.toString(16).toUpperCase().padStart(4, '0'),
  rssiDbm,
  rssiRaw,
  phaseDeg,
})

const chunkOf = (line: string): Chunk | null => {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null || !('t' in value) || !('hex' in value)) return null
    const { t, hex } = value
    if (typeof t !== 'number' || !Number.isFinite(t) || typeof hex !== 'string') return null
    const bytes = bytesOfHex(hex)
    const bySender = 'dir' in value && value.dir === 'tx' ? 'host' : 'module'
    return bytes === null ? null : { t, bytes, bySender }
  } catch {
    return null
  }
}

interface Chunk {
  readonly t: number
  readonly bytes: Uint8Array
  readonly bySender: Sender
}

const refusal = (code: ReplayRefusalCode, message: string): object => ({ valid: false, code, message })
