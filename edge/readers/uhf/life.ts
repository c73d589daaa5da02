import type { Timers } from '../../parts.ts'
import { afterSilence } from '../../serial/silence.ts'
import type { Outcome } from './asking.ts'
import type { Ask, InputWatch, Learned, Levels } from './family.ts'
import { inputsBetween, watchInputs, weighInputs } from './inputs.ts'
import { type ReaderAtWork, showPhase, type Trouble } from './state.ts'

/**
 * One life of a reader on an open line: stop, drain, probe, configure, start, watch (rfid.md 1.9 rules 4-6). Whoever raises `reader.turn` ends it;
 * a module that cannot be brought to read gives the line back to be opened anew.
 */
export const live = async (reader: ReaderAtWork): Promise<void> => {
  const over = newTurn(reader)
  const { talk, line, parts } = reader
  showPhase(reader, 'probing')
  await quieten(reader, over)
  if (over()) return
  const probed = await put(reader, talk.probe)
  if (over()) return
  if (probed.kind === 'silent')
    return line.reopen('reader.no-answer', `${reader.family.name}: no answer to ${talk.probe.name}`, reader.workedAt)
  if (!(await putAll(reader, talk.configure, over))) return
  compare(reader)
  const unlawful = outsideLaw(reader)
  if (unlawful !== null) return line.reopen('reader.region-wrong', unlawful, reader.workedAt)
  // Only now: measuring an antenna sends a carrier.
  if (!(await putAll(reader, talk.health, over))) return
  reader.healthAt = parts.clock.monotonic()
  const started = await start(reader, [talk.start])
  if (over()) return
  if (!started) return line.reopen('reader.not-started', `${reader.family.name}: no frame after ${talk.start.name}`, reader.workedAt)
  reader.counters.starts += 1
  reader.workedAt = reader.frameAt
  showPhase(reader, 'reading')
  line.settled()
  watch(reader, over)
  watchInputs(reader, over, (inputs) => lookAtInputs(reader, over, inputs))
}

/** Asks again for what would run out, when its time has come; called at every end of a round and by the watch. */
export const carryOn = async (reader: ReaderAtWork): Promise<void> => {
  if (reader.phase !== 'reading' || reader.rearming) return
  const { at, frames, rounds } = reader.since
  const asks = examination(reader) ?? reader.talk.again({ frames, rounds, ms: reader.parts.clock.monotonic() - at })
  if (asks === null) return
  const { turn } = reader
  reader.rearming = true
  const inputs = inputsBetween(reader)
  const started = await start(reader, [...inputs, ...asks])
  if (reader.turn !== turn) return
  reader.rearming = false
  reader.counters.rearms += 1
  if (inputs.length > 0) weighInputs(reader)
  if (!started) return revive(reader, 'the inventory did not go on')
  // A round in an empty field may be over before its start was known to have been answered.
  if (reader.since.rounds > 0) void carryOn(reader)
}

/** The levels of the inputs, beside an inventory that goes on, or in a short rest of one that does not. */
const lookAtInputs = async (reader: ReaderAtWork, over: () => boolean, { way, asks }: InputWatch): Promise<void> => {
  reader.rearming = true
  reader.isBeside = way === 'beside'
  const goesOn = way === 'pausing' ? await start(reader, asks) : await putAll(reader, asks, over)
  if (over()) return
  reader.isBeside = false
  reader.rearming = false
  if (!goesOn) return revive(reader, 'the inventory did not go on after a look at the inputs')
  // A round that ended meanwhile was not carried on.
  if (reader.since.rounds > 0) void carryOn(reader)
}

/** Now and then the module is asked how it is, where it can say; the inventory rests meanwhile. */
const examination = (reader: ReaderAtWork): readonly Ask[] | null => {
  const { stop, health, start } = reader.talk
  const now = reader.parts.clock.monotonic()
  if (health.length === 0 || now - reader.healthAt < EXAMINE_MS) return null
  reader.healthAt = now
  reader.conditions = []
  return [stop, ...health, start]
}

/** A module that says it is in another band than the one asked for must not send: the law of the place decides, not the module. */
const outsideLaw = ({ learned: { region }, settings, troubles }: ReaderAtWork): string | null => {
  const isRefused = region === null && troubles.some(({ ask }) => ask === 'region')
  if (isRefused) return `the module does not take ${settings.region}, and does not say where it sends`
  return region === null || region === settings.region ? null : `the module sends in ${region}, not in ${settings.region}`
}

/** A life begins with nothing known: another module may hang on the line now, or the same one after a power cut. */
const newTurn = (reader: ReaderAtWork): (() => boolean) => {
  reader.turn += 1
  const { turn } = reader
  reader.telling = false
  reader.rearming = false
  reader.inputsMissed = 0
  reader.isInputless = false
  reader.isBeside = false
  reader.dialect = null
  reader.troubles = []
  reader.conditions = []
  return () => reader.turn !== turn
}

/** After a crash of ours the module may still stream and be deaf to all but stop: it is told in every style, until the line is quiet. */
const quieten = async (reader: ReaderAtWork, over: () => boolean): Promise<void> => {
  const { talk, family, line, parts } = reader
  const begun = parts.clock.monotonic()
  for (let step = 0; !over(); step += 1) {
    const now = parts.clock.monotonic()
    if (now - begun >= talk.drain.mostMs) return
    if (step > 0 && now - Math.max(begun, reader.byteAt) >= talk.drain.quietMs) return
    if (step % STOP_EVERY_STEPS === 0) {
      line.write(talk.wake)
      for (const dialect of reader.dialect === null ? family.dialects : [reader.dialect]) line.write(talk.stop.bytes(dialect))
    }
    await pause(parts.timers, DRAIN_STEP_MS)
  }
}

/** Puts questions one after another; `false` when this life is over. */
const putAll = async (reader: ReaderAtWork, asks: readonly Ask[], over: () => boolean): Promise<boolean> => {
  for (const ask of asks) {
    await put(reader, ask)
    if (over()) return false
  }
  return true
}

const put = async (reader: ReaderAtWork, ask: Ask): Promise<Outcome> => {
  const { dialects } = reader.family
  const outcome = await reader.asker.ask(ask, (tried) => reader.dialect ?? (dialects[tried % dialects.length] as string))
  if (outcome.kind === 'silent') note(reader, { ask: ask.name, code: 'silent', zh: '读写器没有回答', en: 'the reader did not answer' })
  if (outcome.kind !== 'answered') return outcome
  if (!outcome.answer.ok) note(reader, { ask: ask.name, code: outcome.answer.code, ...outcome.answer.meaning })
  else {
    // What is asked again and again may miss an answer to noise once.
    reader.troubles = reader.troubles.filter((trouble) => trouble.ask !== ask.name || trouble.code !== 'silent')
    learn(reader, outcome.answer.learned)
  }
  return outcome
}

const learn = (reader: ReaderAtWork, { returnLoss, inputs, ...facts }: Learned): void => {
  if (inputs !== undefined) tellInputs(reader, inputs)
  const { returnLossDb } = reader.learned
  reader.learned = {
    ...reader.learned,
    ...facts,
    returnLossDb: returnLoss ? { ...returnLossDb, [returnLoss.port]: returnLoss.db } : returnLossDb,
  }
}

const tellInputs = (reader: ReaderAtWork, levels: Levels): void => {
  reader.inputsToldAt = reader.parts.clock.monotonic()
  reader.on.inputs?.({ reader: reader.settings.id, levels, monotonic: reader.inputsToldAt })
}

/** Puts all questions; whether the last one, which is the start, was answered well. */
const start = async (reader: ReaderAtWork, asks: readonly Ask[]): Promise<boolean> => {
  let outcome: Outcome = { kind: 'silent' }
  for (const ask of asks) {
    reader.telling = true
    reader.since = { at: reader.parts.clock.monotonic(), frames: 0, rounds: 0 }
    outcome = await put(reader, ask)
    if (outcome.kind === 'gone') return false
  }
  return outcome.kind === 'answered' && outcome.answer.ok
}

const note = (reader: ReaderAtWork, trouble: Trouble): void => {
  reader.troubles = [...reader.troubles.filter(({ ask }) => ask !== trouble.ask), trouble]
}

/** What the module says it is set to, against what was wished: some take a value and keep another. */
const compare = (reader: ReaderAtWork): void => {
  const { learned, settings } = reader
  const pairs = [
    ['power', settings.powerDbm, learned.powerDbm],
    ['region', settings.region, learned.region],
  ] as const
  for (const [ask, wished, is] of pairs) {
    if (is === null || is === wished || reader.troubles.some((trouble) => trouble.ask === ask)) continue
    note(reader, { ask, code: 'differs', zh: `要求 ${wished}，读写器实为 ${is}`, en: `wished ${wished}, the reader is at ${is}` })
  }
}

/** Looks after a reader that reads: frames must come, and what runs out is asked for again. */
const watch = (reader: ReaderAtWork, over: () => boolean): void => {
  const { idleMs } = reader.family
  reader.cancelWatch = afterSilence(reader.parts, idleMs / 3, () => {
    if (over()) return
    const quietMs = reader.parts.clock.monotonic() - reader.frameAt
    if (quietMs < idleMs) {
      void carryOn(reader)
      return watch(reader, over)
    }
    revive(reader, `no frame for ${Math.round(quietMs)} ms`)
  })
}

/** The module is asked from the beginning, on the same port; only when that fails too is the port opened anew. */
const revive = (reader: ReaderAtWork, detail: string): void => {
  reader.cancelWatch()
  reader.cancelInputs()
  reader.asker.abandon()
  reader.line.troubled('reader.silent', detail, reader.workedAt)
  void live(reader)
}

const pause = (timers: Timers, ms: number): Promise<void> => new Promise((resolve) => void timers.after(ms, resolve))

const DRAIN_STEP_MS = 50
/** Stop is repeated this often while the module goes on. */
const STOP_EVERY_STEPS = 8
/** Coils and cables change over hours; a quarter of a second without reading every ten minutes is nothing. */
const EXAMINE_MS = 600_000
