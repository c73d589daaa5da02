import type { Heard, ScannerEar, ScannerKind, ScannerProfile } from './kind.ts'
import { LINE_ORDERS, type LineOrder, type LineOrderName } from './line-orders.ts'
import { HONEYWELL_MENU, menuAsks, NEWLAND_MENU } from './menu-commands.ts'
import { createTextLine, type Piece } from './text-line.ts'
import { unwrap } from './unwrap.ts'

/** Scanners that send each code as one line of text, one kind for each order of a line's parts. */
export const LINE_KINDS = {
  line: lineKind('line', {}),
  honeywell: lineKind('honeywell', {
    // Prefix 5C81 is the AIM id for all symbologies (99), suffix 0D a CR. The prefix is cleared first: prefixes add up.
    opening: ({ configure }) =>
      configure ? menuAsks(HONEYWELL_MENU, ['PRECA2', 'PREBK2995C81', 'SUFCA2', 'SUFBK2990D'], [['PREBK2?', /5C81/i]]) : [],
  }),
  newland: lineKind('newland', {
    opening: ({ configure }) => (configure ? menuAsks(NEWLAND_MENU, ['AIDENA1'], [['AIDENA*', /^1/]]) : []),
  }),
  datalogic: lineKind('datalogic', {
    // Which bytes carry EB2 (AIM ids on) to the scanner differs from model to model and is not public for most: a person scans it.
    opening: ({ configure }) => (configure ? null : []),
  }),
} as const satisfies Readonly<Record<LineOrderName, ScannerKind>>

function lineKind(name: LineOrderName, own: Partial<Pick<ScannerKind, 'opening'>>): ScannerKind {
  return {
    name,
    open: (profile) => lineEar(LINE_ORDERS[name], profile),
    answers: 'bytes',
    decoded: null,
    acknowledge: () => [],
    opening: ({ configure }) => (configure ? null : []),
    ...own,
  }
}

const lineEar = (order: LineOrder, profile: ScannerProfile): ScannerEar => {
  const line = createTextLine(profile)
  const told = (pieces: readonly Piece[]) =>
    pieces.map((piece): Heard => (piece.kind === 'scan' ? { kind: 'scan', ...unwrap(piece.text, order, profile) } : piece))
  return { take: (chunk) => told(line.take(chunk)), gap: () => told(line.gap()), waiting: line.waiting, gapMs: () => SCAN_GAP_MS }
}

/** A scanner sends a code in one go; a USB adapter or a bridge stretches it to some 100 ms. */
const SCAN_GAP_MS = 1_000
