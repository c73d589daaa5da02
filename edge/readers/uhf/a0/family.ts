import type { Answer, Ask, Conversation, Family, Learned, Wish } from '../family.ts'
import { levelsAnswer } from '../levels.ts'
import { type AskOf, COMMANDS, type CommandName, type ReplyOf } from './commands.ts'
import { decodedOf } from './decoded.ts'
import { errorOf, NO_RETURN_LOSS, OK } from './errors.ts'
import { codeOf, dataOf, FRAMING, readReply, writeCommand } from './frames.ts'
import { hearInventory } from './inventory.ts'
import { BANDS, type Band, isWithin, middleOf, regionOf } from './region.ts'
import { createRounds } from './rounds.ts'

/** Invelion, Rodinbell, YR90x, IND90x and the many modules called R2000: up to eight ports, read round by round, no tag CRC in what it tells at once. */
export const A0: Family = {
  name: 'A0',
  bauds: [115_200, 38_400],
  framing: FRAMING,
  framingSent: null,
  dialects: ['A0'],
  dialectOf: () => 'A0',
  hear: hearInventory,
  decoded: decodedOf,
  conversation: (wish) => conversation(wish),
  inputs: 2,
  // An empty round ends after some tens of milliseconds; a full field tells a tag every few.
  idleMs: 3_000,
}

const conversation = (wish: Wish): Conversation => {
  const { inputs = [] } = wish
  const known: Settings = { power: null, band: null }
  const configure = [
    ...region(wish, known),
    ...power(wish, known),
    // A module of one port refuses every other and reads on its one.
    ask('antenna', 'setAntenna', { antenna: wish.ports[0] ?? 1 }, PATIENCE),
  ]
  // There is no stop: a round ends by itself, and what is asked then is answered.
  const stop = ask('stop', 'getFirmware', {}, { waitMs: 500, tries: 3 })
  const isLawful = () => known.band === null || regionOf(known.band) === wish.region
  const rounds = createRounds(wish, { configure, isLawful, stop })
  return {
    wake: new Uint8Array(0),
    stop,
    drain: { quietMs: 200, mostMs: 2_000 },
    probe: ask('version', 'getFirmware', {}, { waitMs: 500, tries: 3 }, ({ version }) => {
      Object.assign(known, { power: null, band: null })
      rounds.forget()
      return versionOf(version)
    }),
    configure,
    health: [ifItCan(ask('temperature', 'getTemperature', {}, PATIENCE, ({ celsius }) => ({ temperatureC: celsius }))), ...losses(wish)],
    start: rounds.start,
    again: rounds.again,
    inputs: () => (inputs.length === 0 ? null : { way: 'between', everyMs: INPUTS_MS, asks: [askInputs(inputs)] }),
  }
}

/** What the module is set to, as it said last. */
interface Settings {
  power: readonly number[] | null
  band: Band | null
}

/** Settings go to the flash, which wears out: what is right already is only asked for again. */
const unless = (isSo: () => boolean, set: Ask, look: Ask): Ask => ({
  ...set,
  bytes: (dialect) => (isSo() ? look : set).bytes(dialect),
  answer: (frame) => look.answer(frame) ?? set.answer(frame),
})

const region = (wish: Wish, known: Settings): readonly Ask[] => {
  const wished = BANDS[wish.region]
  const learn = (band: Band): Learned => {
    known.band = band
    return { region: regionOf(band) }
  }
  const plain = ask('region-read', 'getRegion', {}, PATIENCE, learn)
  const own = ask('region-read', 'getRegionOwn', {}, PATIENCE, learn)
  const look: Ask = { ...plain, answer: (frame) => (readReply(frame, 'getRegionOwn') === null ? plain : own).answer(frame) }
  const set = wished.region === 'user' ? ask('region', 'setRegionOwn', wished, PATIENCE) : ask('region', 'setRegion', wished, PATIENCE)
  return [look, unless(() => known.band !== null && isWithin(known.band, wished), set, look), look]
}

const power = (wish: Wish, known: Settings): readonly Ask[] => {
  // The family knows whole dBm; never more than was wished.
  const dbm = Math.floor(wish.powerDbm)
  const look = ask('power-read', 'getPower', {}, PATIENCE, (reply) => {
    known.power = reply.dbm
    const used = reply.dbm.length === 1 ? reply.dbm : wish.ports.flatMap((port) => reply.dbm[port - 1] ?? [])
    const told = used.find((one) => one !== dbm) ?? used[0]
    return told === undefined ? {} : { powerDbm: told }
  })
  const set = ask('power', 'setPower', { dbm: [dbm] }, PATIENCE)
  return [look, unless(() => known.power?.every((one) => one === dbm) ?? false, set, look), look]
}

/** The coupling of each antenna is measured at its port, then the inventory's port is set again. A port the module refuses is not measured. */
const losses = ({ ports, region: wished }: Wish): readonly Ask[] => {
  const frequency = middleOf(wished)
  if (frequency === null) return []
  let current: number | null = null
  const at = (port: number): Ask => {
    const set = ask('antenna', 'setAntenna', { antenna: port }, PATIENCE)
    const answer = (frame: Uint8Array): Answer | null => {
      const answered = set.answer(frame)
      if (answered !== null) current = answered.ok ? port : null
      return answered
    }
    return { ...set, answer }
  }
  const measured = ports.flatMap((port) => {
    const learn = ({ db }: ReplyOf<'measureReturnLoss'>): Learned => (current === port ? { returnLoss: { port, db } } : {})
    return [at(port), ifItCan(ask(`return-loss-${port}`, 'measureReturnLoss', { frequency }, { waitMs: 1_000, tries: 1 }, learn))]
  })
  return ports.length > 1 ? [...measured, at(ports[0] ?? 1)] : measured
}

/** Older firmware measures nothing and says so with any code; that is no trouble. A measurement that failed is. */
const ifItCan = (question: Ask): Ask => ({
  ...question,
  answer: (frame) => {
    const answer = question.answer(frame)
    return answer === null || answer.ok || answer.code === errorOf(NO_RETURN_LOSS).name ? answer : { ok: true, learned: {} }
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
  bytes: () => writeCommand(command, values),
  answer: (frame) => {
    if (codeOf(frame) !== COMMANDS[command].code) return null
    const data = dataOf(frame)
    const reply = readReply(frame, command)
    if (reply !== null && !(COMMANDS[command].kind === 'ack' && data[0] !== OK)) return { ok: true, learned: learn(reply) }
    return data.length === 1 ? refusalOf(data[0] as number) : null
  },
  ...patience,
})

const askInputs = (inputs: readonly number[]): Ask => {
  const plain = ask('inputs', 'readGpio', {}, { waitMs: 200, tries: 1 })
  return {
    ...plain,
    answer: (frame) => {
      const told = readReply(frame, 'readGpio')
      return told === null ? plain.answer(frame) : levelsAnswer(inputs, { 1: told.gpio1 !== 0, 2: told.gpio2 !== 0 })
    },
  }
}

const refusalOf = (code: number): Answer => {
  const { name, zh, en } = errorOf(code)
  return { ok: false, code: name, meaning: { zh, en } }
}

/** The upper three bits of the major number name the chip, where makers of several use them; the oldest have none set. */
const versionOf = (version: string): Learned => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return { version: CHIPS[major >> 5] ?? 'A0', firmware: `${major & 0x1f}.${minor}` }
}

const CHIPS: Readonly<Record<number, string>> = { 0: 'R2000', 2: 'E710', 3: 'TM670', 4: 'FDW' }
/** Rounds last some tens of milliseconds; a question costs a few. */
const INPUTS_MS = 100
const PATIENCE = { waitMs: 500, tries: 2 } as const
