import type { Answer, Ask, Conversation, Family, Learned, Wish } from '../family.ts'
import type { AskOf, CommandName, ReplyOf } from './commands.ts'
import { decodedOf, FRAMING, isRefusal, readReply, type Style, styleOf, writeCommand } from './frames.ts'
import { createNumbering } from './numbering.ts'
import { hearTag } from './tags.ts'

/** Chainway UR4 and the E310, E510 and E710 modules: up to sixteen ports, tags streamed until told to stop, and not a word while there are none. */
export const A55A: Family = {
  name: 'A55A',
  bauds: [115_200],
  framing: FRAMING,
  framingSent: null,
  dialects: ['A55A', 'C88C'],
  dialectOf: styleOf,
  hear: hearTag,
  decoded: decodedOf,
  conversation: (wish) => conversation(wish),
  // An empty field is silent; the reader breaks that silence itself, every second look of three.
  idleMs: 9_000,
}

const conversation = (wish: Wish): Conversation => {
  const known: Settings = { ...UNKNOWN }
  const numbering = createNumbering(wish.ports)
  const stop = ask('stop', 'stop', {}, { waitMs: 500, tries: 3 })
  let started: Settings = known
  let framesSeen = -1
  const start: Ask = {
    ...begin(() => true),
    bytes: (dialect) => {
      started = { ...known }
      framesSeen = -1
      return begin(() => true).bytes(dialect)
    },
  }
  const goOn = begin(() => known.region === started.region && known.gen2?.query.session === started.gen2?.query.session)
  return {
    wake: NO_BYTES,
    stop,
    drain: { quietMs: 200, mostMs: 2_000 },
    probe: ask('version', 'getVersion', {}, { waitMs: 500, tries: 4 }, ({ version }) => {
      const [major = ''] = version.split('.')
      Object.assign(known, UNKNOWN)
      numbering.forget(major === '7' ? 'from-one' : 'from-zero')
      return { version: CHIPS[major] ?? 'A55A', firmware: version }
    }),
    configure: [...region(wish, known), ...power(wish, known), ...antennas(wish, known), ...session(wish, known), ...everyRead()],
    health: health(wish),
    start,
    // While it reads the module answers nothing but stop: a field that stays empty is left for a moment, to hear whether the module lives and is
    // still the one that was configured.
    again: ({ frames }) => {
      const isStill = frames === framesSeen
      framesSeen = isStill ? -1 : frames
      return isStill ? [stop, regionRead(known), gen2Read(known), goOn] : null
    },
    portOf: numbering.portOf,
  }
}

/** What the module is set to, as it said last. */
interface Settings {
  region: string | null
  powers: ReplyOf<'getPower'>['powers']
  mask: number | null
  gen2: ReplyOf<'getGen2'> | null
}
const UNKNOWN: Settings = { region: null, powers: [], mask: null, gen2: null }

/**
 * Begins the inventory, which the module does without a word: the tags are the answer, and an empty field gives none. One that has begun anew
 * meanwhile and forgotten its settings is stopped instead, and asked from the beginning.
 */
const begin = (mayStart: () => boolean): Ask => ({
  name: 'start',
  bytes: (dialect) => (mayStart() ? writeCommand(dialect as Style, 'start', { form: PLAIN }) : writeCommand(dialect as Style, 'stop', {})),
  answer: (frame) => {
    if (mayStart()) return hearTag(frame).kind === 'reads' ? OK : null
    return readReply(frame, 'stop') === null ? null : { ok: false, code: 'forgotten', meaning: FORGOTTEN }
  },
  silence: OK,
  waitMs: 300,
  tries: 1,
})

const regionRead = (known: Settings): Ask =>
  ask('region-read', 'getRegion', {}, PATIENCE, (reply) => {
    known.region = reply.region
    return { region: reply.region }
  })
const gen2Read = (known: Settings): Ask =>
  ask('session-read', 'getGen2', {}, PATIENCE, (reply) => {
    known.gen2 = reply
    return {}
  })

/** The region is kept over a power cut: a reader that comes back must not send elsewhere even for a moment. Written only where it differs. */
const region = (wish: Wish, known: Settings): readonly Ask[] => {
  const look = regionRead(known)
  const set = ask('region', 'setRegion', { save: SAVED, region: wish.region }, PATIENCE)
  return [look, unless(() => known.region === wish.region, set, look), look]
}

const power = ({ powerDbm, ports }: Wish, known: Settings): readonly Ask[] => {
  const used = () => known.powers.filter(({ antenna }) => ports.includes(antenna))
  const look = ask('power-read', 'getPower', {}, PATIENCE, ({ powers }) => {
    known.powers = powers
    const told = used().find(({ readDbm }) => readDbm !== powerDbm) ?? used()[0] ?? powers[0]
    return told === undefined ? {} : { powerDbm: told.readDbm }
  })
  const powers = ports.map((antenna) => ({ antenna, readDbm: powerDbm, writeDbm: powerDbm }))
  const set = ask('power', 'setPower', { save: 0, powers }, PATIENCE)
  const isSet = () => used().length > 0 && used().every(({ readDbm }) => readDbm === powerDbm)
  return [look, unless(isSet, set, look), look]
}

const antennas = ({ ports }: Wish, known: Settings): readonly Ask[] => {
  const mask = ports.reduce((bits, port) => bits | (1 << (port - 1)), 0)
  const look = ask('antennas-read', 'getAntennas', {}, PATIENCE, (reply) => {
    known.mask = reply.mask
    return {}
  })
  const set = ask('antennas', 'setAntennas', { save: 0, mask }, PATIENCE)
  // A module of one port knows no others to choose from, and may know no such command.
  return ports.length === 1
    ? [look, unless(() => known.mask === mask, set, look)].map(ifItCan)
    : [look, unless(() => known.mask === mask, set, look)]
}

/** All of the query stays as it is but the session and the target. */
const session = (wish: Wish, known: Settings): readonly Ask[] => {
  const look = gen2Read(known)
  const wished = (gen2: AskOf<'setGen2'>) => ({ ...gen2, query: { ...gen2.query, session: wish.session, target: 0 } })
  const set: Ask = {
    ...ask('session', 'getGen2', {}, PATIENCE),
    bytes: (dialect) => (known.gen2 === null ? look.bytes(dialect) : writeCommand(dialect as Style, 'setGen2', wished(known.gen2))),
    answer: (frame) => look.answer(frame) ?? answerTo(frame, 'setGen2', () => ({})),
  }
  return [look, set, look]
}

/** Every read is to be told: the EPC alone, no filter on tags, and no tag silenced after its first read. Older modules know some of these not. */
const everyRead = (): readonly Ask[] =>
  [
    ask('mode', 'setMode', { save: 0, mode: 0, userWord: 0, userWords: 0 }, PATIENCE),
    ask('filter', 'setFilter', { save: 0, bank: 1, pointerBits: 0, maskBits: 0, mask: NO_BYTES }, PATIENCE),
    ask('tag-focus', 'setTagFocus', { enabled: 0, reserved: 0 }, PATIENCE),
    ask('fast-id', 'setFastId', { enabled: 0, reserved: 0 }, PATIENCE),
  ].map(ifItCan)

/** Temperature, what hangs at each port, and how well; each where the module can tell. */
const health = ({ ports }: Wish): readonly Ask[] => [
  ifItCan(ask('temperature', 'getTemperature', {}, PATIENCE, ({ celsius }) => ({ temperatureC: celsius }))),
  ...ports.map(connection),
  ...ports.map((port) => ifItCan(ask(`return-loss-${port}`, 'getReturnLoss', {}, PATIENCE, ({ losses }) => lossIn(losses, port)))),
]

/** A port that is not measured, being switched off or without a coupler, tells zero. */
const lossIn = (losses: ReplyOf<'getReturnLoss'>['losses'], port: number): Learned => {
  const db = losses.find((one) => one.port === port)?.db ?? 0
  return db === 0 ? {} : { returnLoss: { port, db } }
}

const connection = (port: number): Ask => {
  const look = ifItCan(ask(`antenna-${port}`, 'getConnected', {}, PATIENCE))
  return {
    ...look,
    answer: (frame) => {
      const mask = readReply(frame, 'getConnected')?.mask
      const isOpen = mask !== undefined && (mask & (1 << (port - 1))) === 0
      return isOpen ? { ok: false, code: 'antenna-missing', meaning: MISSING } : look.answer(frame)
    },
  }
}

/** What is right already is only asked for again: settings wear out the flash. */
const unless = (isSo: () => boolean, set: Ask, look: Ask): Ask => ({
  ...set,
  bytes: (dialect) => (isSo() ? look : set).bytes(dialect),
  answer: (frame) => look.answer(frame) ?? set.answer(frame),
})

/** A module that does not know the command is no trouble. */
const ifItCan = (question: Ask): Ask => ({
  ...question,
  answer: (frame) => {
    const answer = question.answer(frame)
    return answer === null || answer.ok ? answer : { ok: true, learned: {} }
  },
})

const ask = <N extends CommandName>(
  name: string,
  command: N,
  values: AskOf<N>,
  patience: { readonly waitMs: number; readonly tries: number },
  learn: (reply: ReplyOf<N>) => Learned = () => ({}),
): Ask => ({
  name,
  bytes: (dialect) => writeCommand(dialect as Style, command, values),
  answer: (frame) => answerTo(frame, command, learn),
  ...patience,
})

const answerTo = <N extends CommandName>(frame: Uint8Array, command: N, learn: (reply: ReplyOf<N>) => Learned): Answer | null => {
  if (isRefusal(frame, command)) return { ok: false, code: 'refused', meaning: REFUSED }
  const reply = readReply(frame, command)
  return reply === null ? null : { ok: true, learned: learn(reply) }
}

const OK: Answer = { ok: true, learned: {} }
const FORGOTTEN = { zh: '读写器已重新启动，设置已丢失', en: 'the reader has begun anew and lost its settings' } as const
const REFUSED = { zh: '读写器拒绝或不认识这条命令', en: 'the reader refused the command or does not know it' } as const
const MISSING = { zh: '天线未连接', en: 'the antenna is not connected' } as const
const CHIPS: Readonly<Record<string, string>> = { 3: 'E310', 5: 'E510', 7: 'E710' }
const NO_BYTES = new Uint8Array(0)
/** Records without phase and frequency. */
const PLAIN = 0
const SAVED = 1
const PATIENCE = { waitMs: 500, tries: 2 } as const
