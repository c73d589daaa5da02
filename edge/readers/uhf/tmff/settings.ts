import type { Answer, Ask, Learned, Wish } from '../family.ts'
import { ask, either, FINE, lenient } from './asking.ts'
import { ANTENNAS, GEN2, GEN2_KEYS, OPTIONAL, PORT_POWERS, PORT_VALUES, type ReplyOf } from './commands.ts'
import { readReply } from './frames.ts'

/** How a module is wished to be, as questions. Commands of one opcode do not follow one another: an answer that comes late could be taken for the next one's. */
export const settingsOf = ({ region, ports, powerDbm, session }: Wish): readonly Ask[] => {
  const found: Found = { ports }
  return [
    portsOf(ports, found),
    ask({ name: 'protocol', command: 'setProtocol' }, { protocol: GEN2 }),
    ask({ name: 'region', command: 'setRegion' }, { region }),
    ask({ name: 'antennas', command: 'setAntennas' }, () => ({
      option: ANTENNAS.search,
      body: Uint8Array.from(found.ports.flatMap((port) => [port, port])),
    })),
    ask({ name: 'session', command: 'setProtocolParameter' }, { option: GEN2, key: GEN2_KEYS.session, value: Uint8Array.of(session) }),
    either(
      ask({ name: 'power', command: 'setReadPower' }, { dbm: powerDbm }),
      ask({ name: 'power', command: 'setAntennas' }, () => ({ option: ANTENNAS.powers, body: powersOf(found.ports, powerDbm) })),
    ),
    // Off, or each tag is told once.
    ask({ name: 'read-filter', command: 'setOptional' }, { option: 1, key: OPTIONAL.readFilter, value: Uint8Array.of(0) }),
    // From A to B and back again, or a tag in the door is read once in a while only.
    ask({ name: 'target', command: 'setProtocolParameter' }, { option: GEN2, key: GEN2_KEYS.target, value: Uint8Array.of(0, 0) }),
    ask({ name: 'power-mode', command: 'setPowerMode' }, { mode: 0 }),
    lenient(ask({ name: 'antenna-check', command: 'setOptional' }, { option: 1, key: OPTIONAL.antennaCheck, value: Uint8Array.of(1) })),
    either(
      ask({ name: 'power-read', command: 'getReadPower' }, { option: 0 }, ({ dbm }) => ({ powerDbm: dbm })),
      ask({ name: 'power-read', command: 'getAntennas' }, { option: ANTENNAS.powers }, (reply) => powerIn(reply, found.ports)),
    ),
    ask({ name: 'region-read', command: 'getRegion' }, {}, (reply) => ({ region: reply.region })),
  ]
}

/** Wished ports that the module has; all of them where it cannot say. */
interface Found {
  ports: readonly number[]
}

const portsOf = (wished: readonly number[], found: Found): Ask => {
  const plain = ask({ name: 'ports', command: 'getAntennas' }, { option: ANTENNAS.detect })
  return {
    ...plain,
    bytes: (dialect) => {
      found.ports = wished
      return plain.bytes(dialect)
    },
    answer: (frame) => {
      if (plain.answer(frame) === null) return null
      const reply = readReply(frame, 'getAntennas')
      if (reply === null) return FINE
      if (reply.option !== ANTENNAS.detect) return null
      const has = PORT_VALUES.read(reply.body)?.ports.map(({ port }) => port) ?? []
      if (has.length === 0 || wished.every((port) => has.includes(port))) return FINE
      const usable = wished.filter((port) => has.includes(port))
      found.ports = usable.length > 0 ? usable : has.slice(0, 1)
      return MISSING
    },
  }
}

const MISSING: Answer = {
  ok: false,
  code: 'port-missing',
  meaning: { zh: '读写器没有所要求的天线端口', en: 'the reader has not all the antenna ports that were asked for' },
}

const powersOf = (ports: readonly number[], dbm: number): Uint8Array => PORT_POWERS.write({ powers: ports.map((port) => ({ port, dbm })) })
/** Ports are set alike, so any of them tells. */
const powerIn = ({ option, body }: ReplyOf<'getAntennas'>, ports: readonly number[]): Learned | null => {
  if (option !== ANTENNAS.powers) return null
  const found = PORT_POWERS.read(body)?.powers.find(({ port }) => ports.includes(port))
  return found === undefined ? {} : { powerDbm: found.dbm }
}

/** All ports answer at once; each question takes its own. */
export const returnLossOf = (port: number): Ask =>
  lenient(
    ask({ name: `return-loss-${port}`, command: 'getAntennas' }, { option: ANTENNAS.returnLoss }, ({ option, body }) => {
      if (option !== ANTENNAS.returnLoss) return null
      const found = PORT_VALUES.read(body)?.ports.find((one) => one.port === port)
      return found === undefined ? {} : { returnLoss: { port, db: found.value } }
    }),
  )
