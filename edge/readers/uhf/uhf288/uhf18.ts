import type { Ask, Conversation, Family, Learned, Wish } from '../family.ts'
import {
  ask,
  askInfo,
  askRegion,
  CHECK_ROUNDS,
  type Identity,
  isOldSeries,
  LOST_MS,
  learnedFrom,
  NOTHING_LEARNED,
  RESTARTED,
  refusalIn,
  STOPPED,
  standing,
  unless,
} from './asks.ts'
import { type AskOf, COMMANDS, type ReplyOf } from './commands.ts'
import { decodedOf } from './decoded.ts'
import { codeOf, FRAMING, FRAMING_SENT, writeBare } from './frames.ts'
import { hear18 } from './hear.ts'

/** UHFReader18, RRU9803M (Chafon CF-RU5102 and kin): one antenna, neither signal nor antenna in a record, rounds of at most the scan time. */
export const UHF18: Family = {
  name: 'UHF18',
  bauds: [57_600, 115_200],
  framing: FRAMING,
  framingSent: FRAMING_SENT,
  dialects: ['UHF18'],
  dialectOf: () => 'UHF18',
  hear: (frame) => hear18(frame),
  decoded: (frame, by) => decodedOf('UHF18', frame, by),
  conversation: (wish) => conversation(wish),
  // A round ends after 300 ms, whatever it found; one whose end was lost is asked for again within 1.5 s.
  idleMs: 3_000,
}

const conversation = (wish: Wish): Conversation => {
  const known: Known = { info: null, expected: null, workMode: null, isChanged: false, step: 0 }
  const start: Ask = { ...startOf(known), waitMs: 1_500, tries: 2 }
  const check = askInfo('check', (told) => {
    known.isChanged = known.expected !== null && standing(told) !== known.expected
    return NOTHING_LEARNED
  })
  return {
    wake: new Uint8Array(0),
    // There is no command that ends a round; it ends by itself.
    stop: { ...check, name: 'stop' },
    drain: STOPPED,
    probe: askInfo('info', (told) => {
      if (!isOldSeries(told)) return null
      Object.assign(known, { info: told, expected: null, isChanged: false })
      return { ok: true, learned: learnedFrom(told) }
    }),
    configure: configure(wish, known),
    health: [],
    start,
    again: ({ rounds, ms }) => {
      if (rounds === 0) return ms >= LOST_MS ? [check, start] : null
      known.step += 1
      return known.step % CHECK_ROUNDS === 0 ? [check, start] : [start]
    },
  }
}

/** What stands in the reader's memory is set only where it differs. */
const configure = (wish: Wish, known: Known): readonly Ask[] => {
  const info = () => known.info
  const power = Math.floor(wish.powerDbm)
  return [
    ask('work-mode', 'getWorkMode18', { values: {}, isOptional: true, learn: (mode) => noted(known, mode) }),
    unless(
      () => known.workMode === null || (known.workMode.mode & SENDS_BY_ITSELF) === 0,
      ask('answer-mode', 'setWorkMode18', { values: () => ({ ...(known.workMode ?? NO_MODE), mode: 0 }) }),
    ),
    askRegion(wish, info),
    unless(() => info()?.scanTime === SCAN_TIME, ask('scan-time', 'setScanTime', { values: { scanTime: SCAN_TIME } })),
    unless(() => info()?.powerDbm === power, ask('power', 'setPower', { values: { dbm: [power] } })),
    askInfo('info-read', (told) => {
      Object.assign(known, { info: told, expected: standing(told) })
      return { ok: true, learned: learnedFrom(told) }
    }),
  ]
}

/** The first frame of the round answers it: with a tag, or with its end. */
const startOf = (known: Known): Pick<Ask, 'name' | 'bytes' | 'answer'> => ({
  name: 'start',
  bytes: () => writeBare('inventory'),
  answer: (frame) => {
    if (codeOf(frame) === COMMANDS.inventory.code && hear18(frame).kind !== 'other') return known.isChanged ? RESTARTED : NOTHING_LEARNED
    return refusalIn(frame, COMMANDS.inventory.code)
  },
})

const noted = (known: Known, { mode, output, memory, startAddress, words, tagSeconds }: ReplyOf<'getWorkMode18'>): Learned => {
  known.workMode = { mode, output, memory, startAddress, words, tagSeconds }
  return {}
}

/** What the conversation remembers of the reader. */
interface Known {
  info: Identity | null
  /** Band and power as they were when it was configured; another value later means that it has lost them. */
  expected: string | null
  workMode: AskOf<'setWorkMode18'> | null
  isChanged: boolean
  /** Rounds asked for. */
  step: number
}

const NO_MODE: AskOf<'setWorkMode18'> = { mode: 0, output: 0, memory: 0, startAddress: 0, words: 0, tagSeconds: 0 }
/** Scan and trigger modes. */
const SENDS_BY_ITSELF = 0x03
/** The shortest round, in units of 100 ms: tags are told when it ends. */
const SCAN_TIME = 3
