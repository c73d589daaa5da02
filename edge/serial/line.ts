import type { EdgeParts } from '../parts.ts'
import { type Gap, type GapKeeper, type GapReason, keepGap } from './gap.ts'
import type { Port } from './port.ts'
import { afterSilence } from './silence.ts'

/**
 * Keeps one device open for ever: opens, watches, and after any loss opens again with growing, jittered pauses.
 * The owner says with `settled` when the device truly works; until then a gap stays open and the pauses keep growing,
 * so a port that opens but never answers is not hammered.
 */
export const keepLine = (parts: LineParts, options: LineOptions, on: LineEvents): Line => {
  const line: State = {
    parts,
    options,
    on,
    gaps: keepGap(parts.clock, options.device, on.gap),
    port: null,
    attempt: 0,
    round: 0,
    heardAt: parts.clock.monotonic(),
    settledAt: null,
    cancel: () => {},
    writing: Promise.resolve(),
    closed: false,
  }
  void open(line)
  return {
    write: (bytes) => write(line, bytes),
    settled: () => {
      line.settledAt ??= parts.clock.monotonic()
      line.gaps.end()
    },
    troubled: (why, detail, since) => line.gaps.begin(why, detail, since),
    reopen: (why, detail, since) => lose(line, why, detail, since),
    close: () => close(line),
  }
}

export type LineParts = Pick<EdgeParts, 'clock' | 'timers' | 'openPort'> & { readonly random: Pick<EdgeParts['random'], 'fraction'> }

export interface LineOptions {
  /** Id of the device, named in its gaps. */
  readonly device: string
  readonly address: string
  readonly baud: number
  /** Longest time without a byte before the port is opened anew, or `null` for a device that may rightly say nothing. */
  readonly silenceMs: number | null
}

export interface LineEvents {
  readonly opened: () => void
  /** The port is gone; `opened` will come again. */
  readonly lost: () => void
  /** Bytes, with both clocks at their arrival. */
  readonly chunk: (bytes: Uint8Array, at: number, monotonic: number) => void
  readonly gap: (gap: Gap) => void
}

export interface Line {
  /** Sends if the port is open; a failure loses the port. */
  readonly write: (bytes: Uint8Array) => void
  /** The device works: ends the gap. */
  readonly settled: () => void
  /** The device does not work though the port is open: begins a gap. `since` on the steady clock. */
  readonly troubled: (why: GapReason, detail: string, since: number) => void
  readonly reopen: (why: GapReason, detail: string, since: number) => void
  /** Ends for good, after what was written last has left or `FAREWELL_MS` have passed; nothing is told afterwards. */
  readonly close: () => Promise<void>
}

/** First and longest pause between two openings. */
export const PAUSE_FIRST_MS = 250
export const PAUSE_LONGEST_MS = 30_000

interface State {
  readonly parts: LineParts
  readonly options: LineOptions
  readonly on: LineEvents
  readonly gaps: GapKeeper
  port: Port | null
  attempt: number
  /** Counts openings: an answer from an earlier one is not ours any more. */
  round: number
  heardAt: number
  settledAt: number | null
  cancel: () => void
  writing: Promise<void>
  closed: boolean
}

const open = async (line: State): Promise<void> => {
  const { clock, timers } = line.parts
  line.round += 1
  const round = line.round
  const begun = clock.monotonic()
  line.cancel = timers.after(OPEN_MS, () => lose(line, 'serial.open-failed', `not open after ${OPEN_MS} ms`, begun))
  const opened = await tryOpen(line, () => line.round === round && !line.closed)
  if (line.round !== round || line.closed) {
    if (opened.port !== null) void opened.port.close()
    return
  }
  if (opened.port === null) return lose(line, 'serial.open-failed', opened.detail, begun)
  line.cancel()
  line.port = opened.port
  line.heardAt = clock.monotonic()
  watch(line)
  line.on.opened()
}

/** `mine` says whether the opening this port belongs to is still the current one. */
const tryOpen = async (line: State, mine: () => boolean): Promise<{ readonly port: Port | null; readonly detail: string }> => {
  const { address, baud } = line.options
  const on = {
    chunk: (bytes: Uint8Array) => mine() && hear(line, bytes),
    lost: (why: string) => mine() && lose(line, 'serial.lost', why),
  }
  try {
    return { port: await line.parts.openPort(address, { baud }, on), detail: '' }
  } catch (error) {
    return { port: null, detail: textOf(error) }
  }
}

const hear = (line: State, bytes: Uint8Array): void => {
  const { clock } = line.parts
  line.heardAt = clock.monotonic()
  line.on.chunk(bytes, clock.now(), line.heardAt)
}

/** Every loss comes through here: the old port is closed, the gap begins, the next opening is set. */
const lose = (line: State, why: GapReason, detail: string, since: number = line.parts.clock.monotonic()): void => {
  if (line.closed) return
  const { clock, timers, random } = line.parts
  const { port } = line
  line.cancel()
  line.round += 1
  line.port = null
  // A device that worked for a while starts with the short pause again; one that flaps does not.
  if (line.settledAt !== null && clock.monotonic() - line.settledAt >= STABLE_MS) line.attempt = 0
  line.settledAt = null
  line.gaps.begin(why, detail, since)
  const pause = pauseOf(line.attempt, random.fraction())
  line.attempt += 1
  line.cancel = timers.after(pause, () => void open(line))
  if (port !== null) {
    void port.close()
    line.on.lost()
  }
}

/** Pause before the n-th opening after a loss: doubled each time, between half and all of it, never under the first nor over the longest. */
export const pauseOf = (attempt: number, fraction: number): number => {
  const whole = Math.min(PAUSE_LONGEST_MS, PAUSE_FIRST_MS * 2 ** Math.min(attempt, 16))
  return Math.max(PAUSE_FIRST_MS, Math.round(whole * (0.5 + fraction / 2)))
}

/** One timer per silence, not one per byte: when it fires it asks how long ago the last byte came. */
const watch = (line: State, waitMs = line.options.silenceMs): void => {
  const { silenceMs } = line.options
  if (silenceMs === null || waitMs === null) return
  line.cancel = afterSilence(line.parts, waitMs, () => {
    const quietMs = line.parts.clock.monotonic() - line.heardAt
    if (quietMs < silenceMs) return watch(line, silenceMs - quietMs)
    lose(line, 'serial.silent', `no byte for ${Math.round(quietMs)} ms`, line.heardAt)
  })
}

const write = (line: State, bytes: Uint8Array): void => {
  const { port, round } = line
  if (port === null) return
  line.writing = port.write(bytes).catch((error: unknown) => {
    if (line.round === round) lose(line, 'serial.write-failed', textOf(error))
  })
}

const close = async (line: State): Promise<void> => {
  if (line.closed) return
  line.closed = true
  line.cancel()
  const { port, writing, parts } = line
  if (port === null) return
  // A write that the device does not take must not keep the node from stopping.
  await new Promise<void>((resolve) => {
    const late = parts.timers.after(FAREWELL_MS, resolve)
    void writing.then(() => {
      late()
      resolve()
    })
  })
  await port.close()
}

const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

/** An opening that has not settled by then is given up. */
const OPEN_MS = 10_000
/** A device that worked this long is trusted again. */
const STABLE_MS = 10_000
const FAREWELL_MS = 200
