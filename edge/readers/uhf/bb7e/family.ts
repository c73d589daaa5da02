import { tagCrcIn } from '../crc.ts'
import type { Answer, Ask, Conversation, Family, Heard, Learned, Session, Wish } from '../family.ts'
import { epcBytesOf } from '../gen2.ts'
import { levelsAnswer } from '../levels.ts'
import type { AskOf, CommandName, ReplyOf } from './commands.ts'
import { errorOf, NO_TAG } from './errors.ts'
import { decodedOf, errorCodeOf, FRAMING, isTagNotice, readReply, type Style, styleOf, writeCommand } from './frames.ts'

/** YRM100, M100/QM100, R200, JRD-4035, M5 UHF unit: one antenna port, no phase, an error frame 15 for every empty poll. */
export const BB7E: Family = {
  name: 'BB7E',
  bauds: [115_200],
  framing: FRAMING,
  framingSent: null,
  dialects: ['BB7E', 'AADD'],
  dialectOf: styleOf,
  hear: (frame) => hear(frame),
  decoded: (frame) => decodedOf(frame),
  conversation: (wish) => conversation(wish),
  inputs: 4,
  // Empty polls answer every 20-30 ms; slow firmware was seen at a tenth of that.
  idleMs: 3_000,
}

const hear = (frame: Uint8Array): Heard => {
  if (errorCodeOf(frame) === NO_TAG) return IDLE
  if (!isTagNotice(frame)) return OTHER
  // RSSI, PC, EPC, tag CRC, straight from the bytes: this is what a busy door does a thousand times a second.
  const rssiRaw = frame[RSSI_AT] as number
  const epcEnd = frame.length - AFTER_EPC
  const pc = frame.length < SHORTEST_NOTICE ? 0 : wordAt(frame, RSSI_AT + 1)
  // A notice whose PC contradicts its length passed the sum by chance: a read that failed its check, to be counted with those.
  if (epcEnd - EPC_AT !== epcBytesOf(pc)) return { kind: 'reads', reads: [{ ...NO_READ, rssiRaw }] }
  const epc = frame.subarray(EPC_AT, epcEnd)
  const crcOk = tagCrcIn(frame, EPC_AT - 2, epcEnd) === wordAt(frame, epcEnd)
  return { kind: 'reads', reads: [{ port: PORT, epc, pc, rssiDbm: (rssiRaw << 24) >> 24, rssiRaw, phaseDeg: null, crcOk }] }
}

const wordAt = (frame: Uint8Array, at: number): number => ((frame[at] as number) << 8) | (frame[at + 1] as number)

const conversation = (wish: Wish): Conversation => {
  const { inputs = [] } = wish
  const stop = ask('stop', 'stop', {}, { waitMs: 300, tries: 2 })
  const start: Ask = {
    ...ask('start', 'pollMany', { reserved: POLL_RESERVED, count: POLLS }, { waitMs: 1_500, tries: 2 }),
    // No answer of its own: the first poll's result is the answer.
    answer: (frame) => (hear(frame).kind === 'other' ? refusalIn(frame) : { ok: true, learned: {} }),
  }
  return {
    wake: Uint8Array.of(0),
    stop,
    drain: { quietMs: 200, mostMs: 2_000 },
    probe: ask('version', 'moduleInfo', { infoType: HARDWARE }, { waitMs: 300, tries: 4 }, ({ text }) => ({ version: text })),
    configure: [
      ask('firmware', 'moduleInfo', { infoType: SOFTWARE }, PATIENCE, ({ text }) => ({ firmware: text })),
      ask('region', 'setRegion', { region: wish.region }, PATIENCE),
      ask('hopping', 'setHopping', { hopping: 'on' }, PATIENCE),
      ask('power', 'setPower', { dbm: wish.powerDbm }, PATIENCE),
      ask('query', 'setQuery', { query: queryOf(wish.session) }, PATIENCE),
      ask('power-read', 'getPower', {}, PATIENCE, ({ dbm }) => ({ powerDbm: dbm })),
      ask('region-read', 'getRegion', {}, PATIENCE, ({ region }) => ({ region })),
      ...inputs.map((pin) => askPin(`input-${pin}`, { operation: PIN.direction, pin, value: 0 }, ({ value }) => value === 1)),
    ],
    health: [],
    start,
    // Every poll answers with at least one frame, so frames are never fewer than polls; the time bound covers frames lost on the way.
    // Deaf to all but stop while it polls.
    inputs: () => (inputs.length === 0 ? null : { way: 'pausing', everyMs: INPUTS_MS, asks: [stop, ...inputs.map(askLevel), start] }),
    again: ({ frames, ms }) => (frames >= FRAMES_BEFORE_REARM || ms >= REARM_MS ? [stop, start] : null),
  }
}

const ask = <N extends CommandName>(
  name: string,
  command: N,
  values: AskOf<N>,
  patience: { readonly waitMs: number; readonly tries: number },
  learn: (reply: ReplyOf<N>) => Learned = () => ({}),
): Ask => ({
  name,
  bytes: (dialect) => writeCommand(dialect as Style, command, values),
  answer: (frame) => {
    const reply = readReply(frame, command)
    return reply === null ? refusalIn(frame) : { ok: true, learned: learn(reply) }
  },
  ...patience,
})

/** One question about one pin; the answer names operation and pin again. */
const askPin = (
  name: string,
  asked: AskOf<'io'>,
  isFine: (told: ReplyOf<'io'>) => boolean,
  learned: (told: ReplyOf<'io'>) => Answer = () => FINE,
): Ask => {
  const plain = ask(name, 'io', asked, { waitMs: 200, tries: 1 })
  return {
    ...plain,
    answer: (frame) => {
      const told = readReply(frame, 'io')
      if (told === null) return plain.answer(frame)
      if (told.operation !== asked.operation || told.pin !== asked.pin) return null
      return isFine(told) ? learned(told) : levelsAnswer([asked.pin], {})
    },
  }
}

const askLevel = (pin: number): Ask =>
  askPin(
    'inputs',
    { operation: PIN.level, pin, value: 0 },
    () => true,
    ({ value }) => levelsAnswer([pin], { [pin]: value !== 0 }),
  )

/** An error frame names no command; with one in flight it can only mean that one. `15` belongs to the polling and never answers. */
const refusalIn = (frame: Uint8Array): Answer | null => {
  const code = errorCodeOf(frame)
  if (code === null || code === NO_TAG) return null
  const { name, zh, en } = errorOf(code)
  return { ok: false, code: name, meaning: { zh, en } }
}

/** DR8, M1, pilot tone, all tags, target A, Q4: the module's default but for the session. */
const queryOf = (session: Session): AskOf<'setQuery'>['query'] => ({ dr: 0, m: 0, trext: 1, sel: 0, session, target: 0, q: 4 })

const FINE: Answer = { ok: true, learned: {} }
const IDLE: Heard = { kind: 'idle' }
const OTHER: Heard = { kind: 'other' }
const PORT = 1
/** Of a tag notice: where its parameters begin, and what stands behind the EPC: tag CRC, sum, end. */
const RSSI_AT = 5
const EPC_AT = 8
const AFTER_EPC = 4
const SHORTEST_NOTICE = EPC_AT + AFTER_EPC
const NO_READ = { port: PORT, epc: new Uint8Array(0), pc: 0, rssiDbm: null, phaseDeg: null, crcOk: false } as const
const HARDWARE = 0
const SOFTWARE = 1
const POLL_RESERVED = 0x22
/** The most polls one command can ask for. */
const POLLS = 0xffff
const FRAMES_BEFORE_REARM = 50_000
const REARM_MS = 600_000
/** Operations on a pin: 0 sets its direction (value 0: input), 2 reads its level. */
const PIN = { direction: 0, level: 2 } as const
/** Stop, question and start cost some 30 ms of reading; a person is in a barrier for about as long as this. */
const INPUTS_MS = 300
const PATIENCE = { waitMs: 300, tries: 2 } as const
