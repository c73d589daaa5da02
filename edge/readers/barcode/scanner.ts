import type { Gap } from '../../serial/gap.ts'
import { keepLine, type LineParts } from '../../serial/line.ts'
import { createTextLine, type Garbage, type Piece, type Terminator, type TextLine } from './text-line.ts'

/** One barcode scanner in line mode (serial or USB-CDC), kept open for ever. It has no heartbeat: a silent scanner is a scanner nobody uses. */
export const openScanner = (parts: LineParts, settings: ScannerSettings, on: ScannerEvents): Scanner => {
  const { id, address, baud, terminator = 'any', separator = null } = settings
  const scanner: ScannerAtWork = {
    parts,
    id,
    on,
    lines: createTextLine({ terminator, bytesMax: SCAN_BYTES_MAX, separator }),
    counters: { scans: 0, garbage: 0, garbageBytes: 0 },
    connected: false,
    cancelGap: () => {},
  }
  const line = keepLine(
    parts,
    { device: id, address, baud, silenceMs: null },
    {
      opened: () => {
        line.settled()
        show(scanner, true)
      },
      lost: () => lost(scanner),
      chunk: (bytes, at, monotonic) => take(scanner, bytes, at, monotonic),
      gap: on.gap,
    },
  )
  return {
    state: () => stateOf(scanner),
    close: () => {
      scanner.cancelGap()
      return line.close()
    },
  }
}

/** One scan as the scanner sent it. */
export interface Scan {
  /** Id of the scanner in this node's settings. */
  readonly scanner: string
  /** AIM id if the scanner sends it (`]d2`), then the data with GS kept; no terminator. */
  readonly text: string
  /** Wall clock and steady clock at the arrival of the last chunk, ms. */
  readonly at: number
  readonly monotonic: number
}

export interface ScannerSettings {
  readonly id: string
  /** `/dev/...` or `tcp://host:port`. */
  readonly address: string
  readonly baud: number
  /** `any` unless the scanner's data may hold CR or LF. */
  readonly terminator?: Terminator
  /** What the scanner sends for GS, if not GS. */
  readonly separator?: string | null
}

export interface ScannerEvents {
  readonly scan: (scan: Scan) => void
  /** Bytes that were no scan. */
  readonly garbage: (garbage: Garbage) => void
  readonly state: (state: ScannerState) => void
  readonly gap: (gap: Gap) => void
}

export interface ScannerState {
  readonly scanner: string
  readonly connected: boolean
  readonly counters: { readonly scans: number; readonly garbage: number; readonly garbageBytes: number }
}

export interface Scanner {
  readonly state: () => ScannerState
  readonly close: () => Promise<void>
}

interface ScannerAtWork {
  readonly parts: LineParts
  readonly id: string
  readonly on: ScannerEvents
  readonly lines: TextLine
  readonly counters: { -readonly [C in keyof ScannerState['counters']]: number }
  connected: boolean
  cancelGap: () => void
}

const take = (scanner: ScannerAtWork, bytes: Uint8Array, at: number, monotonic: number): void => {
  const { lines, parts } = scanner
  scanner.cancelGap()
  tell(scanner, lines.take(bytes), at, monotonic)
  if (lines.waiting() > 0) scanner.cancelGap = parts.timers.after(SCAN_GAP_MS, () => tell(scanner, lines.gap(), at, monotonic))
}

const tell = ({ id, on, counters }: ScannerAtWork, pieces: readonly Piece[], at: number, monotonic: number): void => {
  for (const piece of pieces) {
    if (piece.kind === 'scan') {
      counters.scans += 1
      on.scan({ scanner: id, text: piece.text, at, monotonic })
    } else {
      counters.garbage += 1
      counters.garbageBytes += piece.bytes.length
      on.garbage(piece)
    }
  }
}

const lost = (scanner: ScannerAtWork): void => {
  const { clock } = scanner.parts
  scanner.cancelGap()
  tell(scanner, scanner.lines.gap(), clock.now(), clock.monotonic())
  show(scanner, false)
}

const show = (scanner: ScannerAtWork, connected: boolean): void => {
  scanner.connected = connected
  scanner.on.state(stateOf(scanner))
}

const stateOf = ({ id, connected, counters }: ScannerAtWork): ScannerState => ({ scanner: id, connected, counters: { ...counters } })

/** Longest scan: a full DataMatrix with its AIM id fits. */
const SCAN_BYTES_MAX = 4_096
/** A scanner sends a code in one go; a USB adapter or a bridge stretches it to some 100 ms. */
const SCAN_GAP_MS = 1_000
