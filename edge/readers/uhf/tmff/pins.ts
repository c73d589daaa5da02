import type { Ask, InputWatch, Levels } from '../family.ts'
import { levelsAnswer, levelsInOrder } from '../levels.ts'
import { ask, refusalOf } from './asking.ts'
import { COMMANDS, STREAM } from './commands.ts'
import { OK } from './errors.ts'
import { readReply, writeCommand } from './frames.ts'

/** ThingMagic's modules answer a question for their pins while they stream, when it is wrapped for that time [MercuryAPI 2023]. */
export const inputsBeside = (inputs: readonly number[]): InputWatch => ({ way: 'beside', everyMs: BESIDE_MS, asks: [wrapped(inputs)] })

/** Silion's modules tell the levels of all inputs in their order, while they do not read [ModuleAPI protocol, 66]. */
export const inputsPausing = (inputs: readonly number[], [stop, start]: readonly [stop: Ask, start: Ask]): InputWatch => {
  const plain = ask({ name: 'inputs', command: 'getInputs', waitMs: 200, tries: 1 }, { body: NOTHING })
  const levels: Ask = {
    ...plain,
    answer: (frame) => {
      const told = readReply(frame, 'getInputs')
      return told === null ? plain.answer(frame) : levelsAnswer(inputs, levelsInOrder([...told.body]))
    },
  }
  return { way: 'pausing', everyMs: PAUSING_MS, asks: [stop, levels, start] }
}

/** Length, opcode and data go in; length, opcode, status and data come back. */
const wrapped = (inputs: readonly number[]): Ask => ({
  name: 'inputs',
  bytes: () =>
    writeCommand('multiProtocol', {
      timeoutMs: 0,
      option: STREAM.wrapped,
      body: Uint8Array.of(1, COMMANDS.getInputs.code, WITH_DIRECTION),
    }),
  answer: (frame) => {
    const told = readReply(frame, 'multiProtocol')
    if (told?.option !== STREAM.wrapped || told.body[1] !== COMMANDS.getInputs.code) return null
    const status = ((told.body[2] as number) << 8) | (told.body[3] as number)
    return status === OK ? levelsAnswer(inputs, levelsIn(told.body.subarray(5))) : refusalOf(status)
  },
  waitMs: 300,
  tries: 1,
})

/** Triples of pin, direction and level; a pin that is an output tells nothing of the world. */
const levelsIn = (triples: Uint8Array): Levels =>
  Object.fromEntries(
    Array.from({ length: Math.floor(triples.length / 3) }, (_, at) => [...triples.subarray(at * 3, at * 3 + 3)] as [number, number, number])
      .filter(([, direction]) => direction !== OUTPUT)
      .map(([pin, , level]) => [pin, level === 1]),
  )

const NOTHING = new Uint8Array(0)
const WITH_DIRECTION = 1
const OUTPUT = 1
/** A question costs no read. */
const BESIDE_MS = 100
/** Stop, question and start cost some 30 ms of reading; a person is in a barrier for about as long as this. */
const PAUSING_MS = 300
