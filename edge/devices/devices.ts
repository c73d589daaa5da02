import type { DeviceView } from '@lotkeeper/protocol/api/node.ts'
import type { EdgeParts } from '../parts.ts'
import type { ScannerState } from '../readers/barcode/scanner.ts'
import type { ReaderState } from '../readers/uhf/state.ts'
import { GAP_REASONS, type Gap } from '../serial/gap.ts'
import { troublesOf } from './troubles.ts'

/** The health board: what every reader and scanner of the node is, does and has missed. */
export interface Devices {
  /** In the order of the settings. */
  readonly rows: () => readonly DeviceView[]
  /** What a device says of itself, at every change; the counters in between come from `ask`. */
  readonly reader: (state: ReaderState) => void
  readonly scanner: (state: ScannerState) => void
  /** Begin and end of a time a device was not heard. */
  readonly gap: (gap: Gap) => void
  /** A tag or a code was read, wall clock. */
  readonly heard: (device: string, at: number) => void
  /** Asks an open device for its counters whenever the board is shown. */
  readonly ask: (device: string, state: () => ReaderState | ScannerState, dropped?: () => number) => void
  /** What the open readers say of themselves now. */
  readonly readers: () => readonly ReaderState[]
  /** Who knows how the antennas and labels do; the answer tells that it is others than before. */
  readonly judgedBy: (of: (device: string) => Judgement) => () => void
  /** Told when a state or a gap changed, not at every read. */
  readonly follow: (listener: () => void) => () => void
}

type Judgement = Pick<DeviceView, 'antennas' | 'findings'>

/** A device as the settings name it. */
export interface DeviceSettings {
  readonly device: string
  readonly kind: 'reader' | 'scanner'
  readonly address: string
  readonly door: string | null
  /** `inside` or `outside` of the door. */
  readonly side: string | null
}

export const openDevices = ({ clock }: Pick<EdgeParts, 'clock'>, settings: readonly DeviceSettings[]): Devices => {
  const openedAt = instant(clock.now())
  const boards = new Map(
    settings.map((one) => [one.device, { ...FRESH, ...one, since: openedAt, gaps: [] as DeviceGap[], troubles: [] } as Board]),
  )
  const asks = new Map<string, { readonly state: () => ReaderState | ScannerState; readonly dropped: () => number }>()
  let judgement = (_device: string): Judgement => UNJUDGED
  const listeners = new Set<() => void>()
  const tellAll = () => {
    for (const listener of listeners) listener()
  }
  const change = (device: string, tell: boolean, write: (board: Board) => void) => {
    const board = boards.get(device)
    if (!board) return
    write(board)
    if (tell) tellAll()
  }
  const enter = (board: Board, state: string) => {
    if (board.state === state) return
    board.state = state
    board.since = instant(clock.now())
  }
  return {
    rows: () => [...boards.values()].map((board) => ({ ...rowOf(board, asks.get(board.device)), ...judgement(board.device) })),
    reader: (state) =>
      change(state.reader, true, (board) => {
        enter(board, state.phase)
        learn(board, state)
      }),
    scanner: (state) =>
      change(state.scanner, true, (board) => {
        enter(board, state.connected ? 'connected' : 'lost')
        learn(board, state)
      }),
    gap: (gap) => change(gap.device, true, (board) => keep(board, gap)),
    heard: (device, at) =>
      change(device, false, (board) => {
        board.lastReadAt = instant(at)
      }),
    ask: (device, state, dropped = () => 0) => void asks.set(device, { state, dropped }),
    readers: () => [...asks.values()].flatMap(({ state }) => [state()].filter((one) => 'reader' in one)),
    judgedBy: (of) => {
      judgement = of
      return tellAll
    },
    follow: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

type DeviceGap = DeviceView['gaps'][number]
type Board = { -readonly [Field in keyof DeviceView]: DeviceView[Field] }

const rowOf = (
  board: Board,
  asked: { readonly state: () => ReaderState | ScannerState; readonly dropped: () => number } | undefined,
): DeviceView => {
  if (asked) learn(board, asked.state())
  board.dropped = asked?.dropped() ?? 0
  return { ...board, gaps: [...board.gaps] }
}

const learn = (board: Board, state: ReaderState | ScannerState): void => {
  board.troubles = troublesOf(state)
  if ('scanner' in state) {
    board.reads = state.counters.scans
    board.noiseBytes = state.counters.garbageBytes
    if (state.version !== null) board.module = state.version.slice(0, MODULE_LENGTH_MAX).toWellFormed()
    return
  }
  const { counters, family, version, firmware } = state
  board.frames = counters.frames
  board.reads = counters.reads
  board.noiseBytes = counters.noiseBytes
  board.crcFailures = counters.tagCrcFailures
  const module = [family, version, firmware].filter((part) => part !== null && part !== '').join(' ')
  board.module = module.slice(0, MODULE_LENGTH_MAX).toWellFormed()
}

/** A gap is told when it begins and again when it ends: the second telling closes the first. */
const keep = (board: Board, gap: Gap): void => {
  const { zh, en } = GAP_REASONS[gap.why]
  const row = { from: instant(gap.from), to: gap.to === null ? null : instant(gap.to), why: `${zh} ${en}` }
  const others = board.gaps.filter((one) => !(one.to === null && one.from === row.from))
  board.gaps = [row, ...others].slice(0, GAPS_MAX)
}

const instant = (ms: number): string => new Date(ms).toISOString()

const UNJUDGED: Judgement = { antennas: [], findings: [] }
const FRESH = {
  state: 'opening',
  module: null,
  frames: 0,
  reads: 0,
  lastReadAt: null,
  noiseBytes: 0,
  crcFailures: 0,
  dropped: 0,
  ...UNJUDGED,
} as const
/** Last gaps shown; all of them stand in the ledger. */
const GAPS_MAX = 10
const MODULE_LENGTH_MAX = 200
