import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { encodeSgtin96 } from '@lotkeeper/protocol/epc/encode.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import type { Doorway } from '../county/doorway.ts'
import { WALK_KINDS, type WalkKind } from '../simulators/field-walks.ts'
import type { SimulatedReader } from '../simulators/reader.ts'

/** Plays one line of words at a simulated door; a sentence for the person, `''` for nothing to say, `null` to end. A walk is answered when it is over. */
export const playWords = async (doorway: Doorway, words: readonly string[], seed: number): Promise<string | null> => {
  const [word = '', ...more] = words
  if (word === '') return ''
  if (word === 'quit' || word === 'exit') return null
  if (word === 'help') return SIMULATE_WORDS
  if (word === 'walk') return walk(doorway, more, seed)
  if (word === 'shelf') return shelve(doorway, more, seed)
  if (word === 'scan') return scan(doorway, more)
  const fault = FAULTS[word]
  if (fault === undefined) return `不认识 / unknown: ${word}\n${SIMULATE_WORDS}`
  const { readers } = doorway
  const [side, ...rest] = more[0] === 'inside' || more[0] === 'outside' ? more : ['inside', ...more]
  await fault(side === 'outside' ? readers.outside : readers.inside, rest)
  return 'ok'
}

export const SIMULATE_WORDS = `  walk KIND [BOXES] [M/S]   ${WALK_KINDS.join(' ')}
  shelf [BOXES]             门内货架上的标签 / tags on a shelf by the door
  scan TEXT                 在桌上扫一个码 / a code is scanned at the table
  unplug | replug | restart | noise | half | flip [inside|outside]
  beam [MS]                 光栅被挡（读写器输入口 1 变高），默认 600 毫秒 / the light barrier is broken: input 1 goes high
  deaf on|off   speed BPS   lag MS   overrun BYTES   clock SECONDS   loose PORT|none   [inside|outside first]
  quit
`

type Fault = (reader: SimulatedReader, words: readonly string[]) => void | Promise<void>

const FAULTS: Readonly<Record<string, Fault>> = {
  unplug: (reader) => reader.unplug(),
  replug: (reader) => reader.replug(),
  restart: (reader) => reader.restart(),
  noise: (reader) => reader.noise(Uint8Array.from({ length: 24 }, (_, at) => (at * 0x9d + 0xbb) & 0xff)),
  half: (reader) => reader.spoilNext('half'),
  flip: (reader) => reader.spoilNext('flip'),
  deaf: (reader, [on]) => reader.deafen(on !== 'off'),
  speed: (reader, [baud]) => reader.speed(Number(baud) > 0 ? Number(baud) : null),
  lag: (reader, [ms]) => reader.lag(Math.max(0, Number(ms) || 0)),
  overrun: (reader, [bytes]) => reader.overrun(Math.max(0, Number(bytes) || 0)),
  beam: async (reader, [ms]) => {
    reader.change({ high: [BEAM_INPUT] })
    await new Promise((resolve) => setTimeout(resolve, Math.min(BEAM_MS_MAX, Number(ms) > 0 ? Number(ms) : BEAM_MS)))
    reader.change({ high: [] })
  },
  clock: (reader, [seconds]) => reader.change({ clockOffMs: (Number(seconds) || 0) * 1_000 }),
  loose: (reader, [port]) => reader.change({ loose: Number(port) > 0 ? [Number(port)] : [] }),
}

const walk = async (doorway: Doorway, [kind, boxes = '1', speed = '1']: readonly string[], seed: number): Promise<string> => {
  const known = WALK_KINDS.find((one) => one === kind)
  if (known === undefined) return `walk ${WALK_KINDS.join(' | ')}`
  const epcs = epcsOf(Math.min(BOXES_MAX, Math.max(1, Number(boxes) || 1)), seed)
  await doorway.walk(known satisfies WalkKind, epcs, Math.min(2, Math.max(0.3, Number(speed) || 1)))
  return `${known}: ${epcs.join(' ')}`
}

const shelve = ({ field }: Doorway, [boxes = '3']: readonly string[], seed: number): string => {
  const epcs = epcsOf(Math.min(BOXES_MAX, Math.max(1, Number(boxes) || 1)), seed + 1)
  const fromMs = Date.now()
  for (const [at, epc] of epcs.entries())
    field.shelve({ epc: Buffer.from(epc, 'hex'), x: 1.2 + at * 0.1, y: 0.5, gainDb: 0, fromMs, untilMs: fromMs + DAY_MS })
  return epcs.join(' ')
}

const scan = ({ scanner }: Doorway, words: readonly string[]): string => {
  scanner.scan(words.join(' ').replaceAll('<GS>', '\x1d'))
  return 'ok'
}

/** The same boxes every time for one seed, so that a walk out can follow a walk in. */
const epcsOf = (count: number, seed: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => {
    const epc = encodeSgtin96({ gtin: GTIN, prefixDigits: 7, serial: String(seed * 1_000 + at + 1), filter: 2 })
    if (isRefusal(epc)) throw new Error(`bug: ${epc.code}`)
    return hexOf(epc)
  })

const GTIN = '06901234567892'
const BOXES_MAX = 200
const BEAM_INPUT = 1
/** What a person needs to walk through a barrier; and longer than any cart. */
const BEAM_MS = 600
const BEAM_MS_MAX = 120_000
const DAY_MS = 86_400_000
