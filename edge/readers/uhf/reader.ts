import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { createFramer, type Framed } from '../../serial/framing.ts'
import { keepLine, type LineParts } from '../../serial/line.ts'
import { afterSilence } from '../../serial/silence.ts'
import { createAsker } from './asking.ts'
import { FAMILIES } from './families.ts'
import type { Condition, Family, Read } from './family.ts'
import { carryOn, live } from './life.ts'
import { type ReaderAtWork, type ReaderEvents, type ReaderSettings, type ReaderState, showPhase, stateOf, UNKNOWN } from './state.ts'

/** One UHF reader, kept reading for ever: opened, stopped, drained, probed, configured, started, watched, and after any loss all of it again. */
export const openReader = (parts: LineParts, settings: ReaderSettings, on: ReaderEvents): Reader => {
  const reader = begun(parts, settings, on, FAMILIES[settings.family])
  return {
    state: () => stateOf(reader),
    close: async () => {
      rest(reader)
      if (reader.dialect !== null) reader.line.write(reader.talk.stop.bytes(reader.dialect))
      await reader.line.close()
    },
  }
}

export interface Reader {
  /** What the reader is and has counted, now. */
  readonly state: () => ReaderState
  /** Ends for good; the module is told to stop, and nothing is told afterwards. */
  readonly close: () => Promise<void>
}

const begun = (parts: LineParts, settings: ReaderSettings, on: ReaderEvents, family: Family): ReaderAtWork => {
  const now = parts.clock.monotonic()
  const reader = {
    parts,
    settings,
    on,
    family,
    talk: family.conversation(settings),
    framer: createFramer(family.framing),
    counters: { frames: 0, reads: 0, tagCrcFailures: 0, drained: 0, noiseBytes: 0, noises: 0, starts: 0, rearms: 0 },
    phase: 'opening' as const,
    turn: 0,
    learned: UNKNOWN,
    dialect: null,
    troubles: [],
    conditions: [],
    healthAt: now,
    telling: false,
    byteAt: now,
    frameAt: now,
    workedAt: now,
    since: { at: now, frames: 0, rounds: 0 },
    rearming: false,
    inputsAskedAt: now,
    inputsToldAt: now,
    inputsMissed: 0,
    isInputless: false,
    isBeside: false,
    cancelInputs: () => {},
    cancelGap: () => {},
    cancelWatch: () => {},
  }
  const line = keepLine(
    parts,
    // The reader's own watch looks for frames and acts first; this one catches a module that sends nothing whatever we do.
    { device: settings.id, address: settings.address, baud: settings.baud ?? (family.bauds[0] as number), silenceMs: family.idleMs * 5 },
    {
      opened: () => void live(whole),
      lost: () => {
        rest(whole)
        showPhase(whole, 'lost')
      },
      chunk: (bytes, at, monotonic) => take(whole, bytes, at, monotonic),
      gap: on.gap,
    },
  )
  // The line tells nothing before this returned: a port opens asynchronously.
  const whole: ReaderAtWork = { ...reader, line, asker: createAsker(parts, line.write) }
  return whole
}

/** Ends the present life: no timer, no waiting question, no half frame of it remains. */
const rest = (reader: ReaderAtWork): void => {
  reader.turn += 1
  reader.telling = false
  reader.cancelGap()
  reader.cancelWatch()
  reader.cancelInputs()
  hearAll(reader, reader.framer.gap(), reader.parts.clock.now(), reader.frameAt)
  reader.asker.abandon()
}

const take = (reader: ReaderAtWork, chunk: Uint8Array, at: number, monotonic: number): void => {
  reader.cancelGap()
  reader.byteAt = monotonic
  hearAll(reader, reader.framer.take(chunk), at, monotonic)
  if (reader.framer.waiting() === 0) return
  reader.cancelGap = afterSilence(reader.parts, reader.family.framing.gapMs, () => hearAll(reader, reader.framer.gap(), at, monotonic))
}

const hearAll = (reader: ReaderAtWork, pieces: readonly Framed[], at: number, monotonic: number): void => {
  for (const piece of pieces) {
    if (piece.kind === 'frame') hear(reader, piece.bytes, at, monotonic)
    else {
      reader.counters.noises += 1
      reader.counters.noiseBytes += piece.bytes.length
      reader.on.noise(piece)
    }
  }
}

const hear = (reader: ReaderAtWork, frame: Uint8Array, at: number, monotonic: number): void => {
  const { frameAt, workedAt } = reader
  reader.counters.frames += 1
  reader.since.frames += 1
  reader.frameAt = monotonic
  if (reader.phase === 'reading') reader.workedAt = monotonic
  reader.dialect ??= reader.family.dialectOf(frame)
  const echo = reader.family.echoOf?.(frame) ?? null
  if (echo !== null) reader.line.write(echo)
  const heard = reader.family.hear(frame)
  if (heard.kind === 'reads') for (const read of heard.reads) tell(reader, read, at, monotonic)
  if (heard.kind === 'condition') complain(reader, onPort(reader, heard.condition), at)
  // A module that tells its inputs while its radio stands still would pass for one that reads.
  if (reader.asker.hear(frame) && reader.isBeside) {
    reader.since.frames -= 1
    Object.assign(reader, { frameAt, workedAt })
  }
  if (heard.kind !== 'round' && !('round' in heard && heard.round)) return
  reader.since.rounds += 1
  void carryOn(reader)
}

const onPort = ({ talk }: ReaderAtWork, condition: Condition): Condition =>
  talk.portOf && ABOUT_PORTS.includes(condition.code) ? { ...condition, port: talk.portOf(condition.port ?? 0) || null } : condition
const ABOUT_PORTS: readonly Condition['code'][] = ['antenna-missing', 'return-loss']

/** A module complains again and again; people are told when it begins. */
const complain = (reader: ReaderAtWork, condition: Condition, at: number): void => {
  const others = reader.conditions.filter(({ code, port }) => code !== condition.code || port !== condition.port)
  const isNew = others.length === reader.conditions.length
  reader.conditions = [...others, { ...condition, at }]
  if (isNew) reader.on.state(stateOf(reader))
}

const tell = (reader: ReaderAtWork, { crcOk, epc, ...read }: Read, at: number, monotonic: number): void => {
  if (crcOk === false) reader.counters.tagCrcFailures += 1
  else if (!reader.telling) reader.counters.drained += 1
  else {
    reader.counters.reads += 1
    const port = reader.talk.portOf?.(read.port) ?? read.port
    const levelDb = read.rssiDbm ?? reader.family.levelOf?.(read.rssiRaw) ?? null
    reader.on.told({ reader: reader.settings.id, ...read, port, levelDb, epc: hexOf(epc), at, monotonic })
  }
}
