import type { Gap } from '../../serial/gap.ts'
import { keepLine, type Line, type LineParts } from '../../serial/line.ts'
import { afterSilence } from '../../serial/silence.ts'
import {
  type Garbage,
  type Heard,
  PLAIN_PROFILE,
  type ScanNotice,
  type ScannerAsk,
  type ScannerEar,
  type ScannerKind,
  type ScannerProfile,
} from './kind.ts'
import { SCANNER_KINDS, type ScannerKindName } from './kinds.ts'
import { createOpening, type Opening } from './opening.ts'

/** One barcode scanner (serial or USB-CDC), kept open for ever. It has no heartbeat: a silent scanner is a scanner nobody uses. */
export const openScanner = (parts: LineParts, settings: ScannerSettings, on: ScannerEvents): Scanner => {
  const { id, address, baud, protocol = 'line', terminator, separator, profile: wished, configure = false } = settings
  const profile = { ...PLAIN_PROFILE, ...wished, ...(terminator ? { terminator } : {}), ...(separator === undefined ? {} : { separator }) }
  const kind: ScannerKind = SCANNER_KINDS[protocol]
  const line = keepLine(
    parts,
    { device: id, address, baud, silenceMs: null },
    {
      opened: () => opened(scanner),
      lost: () => lost(scanner),
      chunk: (bytes, at, monotonic) => take(scanner, bytes, { at, monotonic }),
      gap: on.gap,
    },
  )
  // The line tells nothing before this returned: a port opens asynchronously.
  const scanner: ScannerAtWork = {
    ...{ parts, id, on, kind, profile, configure, line },
    ear: kind.open(profile),
    opening: createOpening(parts, line.write),
    counters: { scans: 0, garbage: 0, garbageBytes: 0 },
    noticed: { scans: 0, repeats: 0, last: null },
    version: null,
    troubles: [],
    connected: false,
    stray: NOTHING,
    cancelGap: () => {},
  }
  return {
    state: () => stateOf(scanner),
    acknowledge: (good) => run(scanner, kind.acknowledge(good)),
    close: () => {
      scanner.cancelGap()
      scanner.opening.abandon()
      return line.close()
    },
  }
}

/** One scan as the scanner sent it. */
export interface Scan {
  /** Id of the scanner in this node's settings. */
  readonly scanner: string
  /** AIM id if it is known (`]d2`), then the data with GS kept; no terminator, nothing that the maker puts around it. */
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
  /** `line` unless said otherwise. */
  readonly protocol?: ScannerKindName
  /** `any` unless the scanner's data may hold CR or LF. */
  readonly terminator?: ScannerProfile['terminator']
  /** What the scanner sends for GS, if not GS. */
  readonly separator?: string | null
  /** What else it was set to send. */
  readonly profile?: Partial<ScannerProfile>
  /** Whether it is told at opening to send AIM ids; what it does not take is a trouble, and it is heard all the same. */
  readonly configure?: boolean
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
  /** What the scanner says it is, `null` where it was not asked or did not say. */
  readonly version: string | null
  readonly counters: { readonly scans: number; readonly garbage: number; readonly garbageBytes: number }
  /** Scans taken although they were not as set, scans that came twice and were told once, and what the last differed in. */
  readonly noticed: { readonly scans: number; readonly repeats: number; readonly last: ScanNotice | null }
  /** What the scanner did not take at its last opening. */
  readonly troubles: readonly ScannerTrouble[]
}

export interface ScannerTrouble {
  readonly wish: string
  readonly zh: string
  readonly en: string
}

export interface Scanner {
  readonly state: () => ScannerState
  /** Tells the person at the scanner whether the scan was taken; nothing where the kind cannot. */
  readonly acknowledge: (good: boolean) => void
  readonly close: () => Promise<void>
}

interface ScannerAtWork {
  readonly parts: LineParts
  readonly id: string
  readonly on: ScannerEvents
  readonly kind: ScannerKind
  readonly profile: ScannerProfile
  readonly configure: boolean
  readonly line: Line
  readonly opening: Opening
  readonly counters: { -readonly [C in keyof ScannerState['counters']]: number }
  readonly noticed: { scans: number; repeats: number; last: ScanNotice | null }
  ear: ScannerEar
  version: string | null
  troubles: ScannerTrouble[]
  connected: boolean
  /** Bytes in which an answer may still become whole; they go to the ear when it did, or the question ended. */
  stray: Uint8Array
  cancelGap: () => void
}
type When = Pick<Scan, 'at' | 'monotonic'>

const opened = (scanner: ScannerAtWork): void => {
  const { line, kind, profile, configure } = scanner
  line.settled()
  scanner.troubles = []
  show(scanner, true)
  const asks = kind.opening({ configure, profile })
  if (asks === null) {
    scanner.troubles = [
      { wish: 'configure', zh: '这种扫码枪不能由本机设置，请扫说明书上的设置码', en: 'this scanner is set with the symbols of its manual' },
    ]
    show(scanner, true)
    return
  }
  run(scanner, asks)
}

const run = (scanner: ScannerAtWork, asks: readonly ScannerAsk[]): void => {
  if (!scanner.connected) return
  scanner.opening.run(asks, (ask, answer) => {
    release(scanner)
    if (answer?.version !== undefined) scanner.version = answer.version
    if (ask.needed && answer?.ok !== true) scanner.troubles = [...scanner.troubles, troubleOf(ask.name, answer === null)]
    show(scanner, true)
  })
}

const troubleOf = (wish: string, silent: boolean): ScannerTrouble =>
  silent
    ? { wish, zh: `扫码枪没有回答 ${wish}`, en: `the scanner did not answer ${wish}` }
    : { wish, zh: `扫码枪没有接受 ${wish}`, en: `the scanner did not take ${wish}` }

const take = (scanner: ScannerAtWork, bytes: Uint8Array, when: When): void => {
  scanner.cancelGap()
  const whole = scanner.stray.length === 0 ? bytes : Uint8Array.from([...scanner.stray, ...bytes])
  scanner.stray = NOTHING
  if (scanner.kind.answers === 'bytes' && scanner.opening.asks()) keepStray(scanner, whole)
  else tell(scanner, scanner.ear.take(whole), when)
  watchGap(scanner, when)
}

/** While a question is open, an answer may stand anywhere in what comes; scans around it are kept for the ear. */
const keepStray = (scanner: ScannerAtWork, bytes: Uint8Array): void => {
  const answer = scanner.opening.hear(bytes)
  scanner.stray = answer === null ? bytes : Uint8Array.from([...bytes.subarray(0, answer.from), ...bytes.subarray(answer.to)])
}

const release = (scanner: ScannerAtWork): void => {
  const { clock } = scanner.parts
  if (scanner.stray.length > 0) take(scanner, NOTHING, { at: clock.now(), monotonic: clock.monotonic() })
}

const watchGap = (scanner: ScannerAtWork, when: When): void => {
  if (scanner.ear.waiting() === 0) return
  scanner.cancelGap = afterSilence(scanner.parts, scanner.ear.gapMs(), () => {
    tell(scanner, scanner.ear.gap(), when)
    watchGap(scanner, when)
  })
}

const tell = (scanner: ScannerAtWork, heard: readonly Heard[], when: When): void => {
  for (const one of heard) tellOne(scanner, one, when)
}

const tellOne = (scanner: ScannerAtWork, heard: Heard, when: When): void => {
  const { id, on, counters, noticed, line, opening } = scanner
  if (heard.kind === 'reply') line.write(heard.bytes)
  else if (heard.kind === 'told') opening.hear(heard.frame)
  else if (heard.kind === 'repeat') noticed.repeats += 1
  else if (heard.kind === 'scan') {
    counters.scans += 1
    if (heard.notices.length > 0) noticed.scans += 1
    noticed.last = heard.notices[0] ?? noticed.last
    on.scan({ scanner: id, text: heard.text, ...when })
  } else {
    counters.garbage += 1
    counters.garbageBytes += heard.bytes.length
    on.garbage(heard)
  }
}

const lost = (scanner: ScannerAtWork): void => {
  const { clock } = scanner.parts
  const when = { at: clock.now(), monotonic: clock.monotonic() }
  scanner.opening.abandon()
  release(scanner)
  scanner.cancelGap()
  while (scanner.ear.waiting() > 0) tell(scanner, scanner.ear.gap(), when)
  // What was said last before the loss says nothing about what comes after it.
  scanner.ear = scanner.kind.open(scanner.profile)
  show(scanner, false)
}

const show = (scanner: ScannerAtWork, connected: boolean): void => {
  scanner.connected = connected
  scanner.on.state(stateOf(scanner))
}

const stateOf = ({ id, connected, version, counters, noticed, troubles }: ScannerAtWork): ScannerState => ({
  scanner: id,
  connected,
  version,
  counters: { ...counters },
  noticed: { ...noticed },
  troubles,
})

const NOTHING = new Uint8Array(0)
