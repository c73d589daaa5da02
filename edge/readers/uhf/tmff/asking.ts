import type { Answer, Ask, Learned } from '../family.ts'
import { type AskOf, COMMANDS, type CommandName, type ReplyOf } from './commands.ts'
import { OK, statusOf } from './errors.ts'
import { isSent, opcodeOf, readReply, statusWordOf, writeCommand } from './frames.ts'

/** One command and what its answer teaches; `values` may wait until it is sent, and an answer that teaches `null` was another's. */
export const ask = <N extends CommandName>(
  { name, command, waitMs = 300, tries = 2 }: Question<N>,
  values: AskOf<N> | (() => AskOf<N>),
  learn: (reply: ReplyOf<N>) => Learned | null = () => ({}),
): Ask => ({
  name,
  bytes: () => writeCommand(command, typeof values === 'function' ? (values as () => AskOf<N>)() : values),
  answer: (frame) => {
    if (isSent(frame) || opcodeOf(frame) !== COMMANDS[command].code) return null
    const status = statusWordOf(frame)
    if (status !== OK) return refusalOf(status)
    const reply = readReply(frame, command)
    const learned = reply === null ? null : learn(reply)
    return learned === null ? null : { ok: true, learned }
  },
  waitMs,
  tries,
})

/** What small modules cannot do is no wish refused. */
export const lenient = (one: Ask): Ask => ({
  ...one,
  answer: (frame) => {
    const answer = one.answer(frame)
    return answer === null || answer.ok ? answer : FINE
  },
})

/** The same question in the words of either maker; the bytes are asked for before any answer can come. */
export const either = (thingMagic: Ask, silion: Ask): Ask => {
  let asked = thingMagic
  return {
    ...thingMagic,
    bytes: (dialect) => {
      asked = dialect === 'SILION' ? silion : thingMagic
      return asked.bytes(dialect)
    },
    answer: (frame) => asked.answer(frame),
  }
}

/** A status word as a refusal. */
export const refusalOf = (status: number): Answer => {
  const { name, zh, en } = statusOf(status)
  return { ok: false, code: name, meaning: { zh, en } }
}

/** An answer that teaches nothing but that it was done. */
export const FINE: Answer = { ok: true, learned: {} }

export interface Question<N extends CommandName> {
  readonly name: string
  readonly command: N
  readonly waitMs?: number
  readonly tries?: number
}
