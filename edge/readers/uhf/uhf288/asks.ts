import type { Answer, Ask, Learned, Wish } from '../family.ts'
import { type Band, bandOf, regionIn } from './bands.ts'
import type { AskOf, CommandName, ReplyOf } from './commands.ts'
import { COMMANDS } from './commands.ts'
import { codeOf, readReply, statusIn, writeCommand } from './frames.ts'
import { BAD_COMMAND, OK, statusOf } from './statuses.ts'

/** What the reader says of itself to command 21. */
export interface Identity extends Band {
  readonly type: number
  readonly firmware: string
  readonly powerDbm: number
  readonly scanTime: number
  /** Whether it checks its antennas, `null` in models that do not say. */
  readonly checksAntennas: boolean | null
}

/** The information in an answer to command 21, or `null`. */
export const infoIn = (frame: Uint8Array): Identity | null => {
  const reply = readReply(frame, 'readerInfo')
  if (reply === null) return null
  const { type, major, minor, highest, lowest, powerDbm, scanTime, more } = reply
  const firmware = `${major}.${String(minor).padStart(2, '0')}`
  return { type, firmware, highest, lowest, powerDbm, scanTime, checksAntennas: more.length < 4 ? null : more[3] !== 0 }
}

/** Both series answer command 21 alike; what they are stands in the type [wabson/chafon-rfid, base.py]. */
export const isOldSeries = ({ type }: Identity): boolean => OLD_TYPES.includes(type)

/** What a reader has told of its identity, its band and its power. */
export const learnedFrom = (info: Identity): Learned => ({
  version: MODELS[info.type] ?? `type ${info.type.toString(16).toUpperCase().padStart(2, '0')}`,
  firmware: info.firmware,
  region: regionIn(info),
  powerDbm: info.powerDbm,
})

/** A question of one command; a refusal is an answer unless `isOptional`, which is for what only some models know. */
export const ask = <N extends CommandName>(
  name: string,
  command: N,
  { values, learn = () => ({}), isOptional = false, ...patience }: Asking<N>,
): Ask => ({
  name,
  bytes: () => writeCommand(command, typeof values === 'function' ? (values as () => AskOf<N>)() : values),
  answer: (frame) => {
    const reply = readReply(frame, command)
    if (reply !== null) return { ok: true, learned: learn(reply) }
    const refusal = refusalIn(frame, COMMANDS[command].code)
    return refusal === null || !isOptional ? refusal : NOTHING_LEARNED
  },
  ...PATIENCE,
  ...patience,
})

interface Asking<N extends CommandName> {
  readonly values: AskOf<N> | (() => AskOf<N>)
  readonly learn?: (reply: ReplyOf<N>) => Learned
  readonly isOptional?: boolean
  readonly waitMs?: number
  readonly tries?: number
}

/** Settings live in a memory that wears: what stands already is not set again, and the question becomes a harmless one. */
export const unless = (stands: () => boolean, question: Ask): Ask => ({
  ...question,
  bytes: (dialect) => (stands() ? writeCommand('readerInfo', {}) : question.bytes(dialect)),
  answer: (frame) => (stands() ? (infoIn(frame) === null ? null : NOTHING_LEARNED) : question.answer(frame)),
})

/** Asks what the reader is, and takes note. */
export const askInfo = (name: string, take: (info: Identity) => Answer | null): Ask => ({
  ...ask(name, 'readerInfo', { values: {} }),
  answer: (frame) => {
    const info = infoIn(frame)
    return info === null ? null : take(info)
  },
})

export const askRegion = ({ region }: Wish, info: () => Identity | null): Ask => {
  const band = bandOf(region)
  return unless(() => info()?.highest === band.highest && info()?.lowest === band.lowest, ask('region', 'setBand', { values: band }))
}

/** A refusal of a command, named; an unknown one is refused under number 0, and with one question in flight it can only mean that one. */
export const refusalIn = (frame: Uint8Array, code: number): Answer | null => {
  const status = statusIn(frame)
  const isUnknown = codeOf(frame) === 0 && status === BAD_COMMAND
  if (!isUnknown && (codeOf(frame) !== code || status === OK || frame.length < ANSWER_LEAST)) return null
  const { name, zh, en } = statusOf(status)
  return { ok: false, code: name, meaning: { zh, en } }
}

/** The settings by which a reader is known to be the one that was configured. */
export const standing = ({ highest, lowest, powerDbm }: Identity): string => `${highest} ${lowest} ${powerDbm}`

/** Refused instead of begun, when a reader proves to have forgotten its settings: its whole life starts again. */
export const RESTARTED: Answer = {
  ok: false,
  code: 'restarted',
  meaning: { zh: '读写器已重新启动，设置已丢失', en: 'the reader restarted and lost its settings' },
}
export const NOTHING_LEARNED: Answer = { ok: true, learned: {} }
const PATIENCE = { waitMs: 300, tries: 3 } as const
/** About three times a round and the way there and back: what has not ended by then was lost. */
export const LOST_MS = 1_400
/** A reader may restart between two rounds and go on with other settings: so often, in rounds, it is asked whether it still has ours (about 10 s). */
export const CHECK_ROUNDS = 30
export const STOPPED = { quietMs: 200, mostMs: 2_000 } as const

const OLD_TYPES = [0x03, 0x06, 0x08, 0x09]
const MODELS: Readonly<Record<number, string>> = {
  3: 'RRU9803M',
  8: 'RRU9803M',
  9: 'UHFReader18',
  12: 'UHFReader288',
  15: 'UHFReader86',
  16: 'UHFReader86',
  22: 'RRU9883M',
  32: 'UHFReader288MP',
  139: 'UHFReader288ADV',
}
const ANSWER_LEAST = 6
