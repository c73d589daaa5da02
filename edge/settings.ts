import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NAME_TEXT, NODE } from '@lotkeeper/protocol/ledger/fields.ts'
import { ROOM_PATTERN } from '@lotkeeper/protocol/names.ts'
import { judgeSettings, type SettingsLayer, type SettingsTrouble, ZONE } from '@lotkeeper/protocol/settings.ts'
import { type Static, Type } from 'typebox'
import { PIN_HASH_PATTERN } from './crypto.ts'
import { fault } from './faults.ts'
import type { PortalConfig } from './portal/portal.ts'
import { type PortalThresholds, THRESHOLDS } from './portal/thresholds.ts'
import { TERMINATORS, TEXT_CODINGS } from './readers/barcode/kind.ts'
import { SCANNER_KIND_NAMES } from './readers/barcode/kinds.ts'
import { FAMILIES, FAMILY_NAMES } from './readers/uhf/families.ts'
import { type Family, type Meaning, REGIONS } from './readers/uhf/family.ts'
import { COUNTRIES, isLawful, LAWS } from './readers/uhf/law.ts'

const closed = { additionalProperties: false } as const
const ID = Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,31}$', description: 'id' })
const ADDRESS = Type.String({ pattern: '^(/|tcp://[^\\s:]+:[0-9]{1,5}$)', maxLength: 200, description: '/dev/... or tcp://host:port' })
const BAUD = Type.Integer({ minimum: 300, maximum: 4_000_000, description: 'bits per second' })
const PORT = Type.Integer({ minimum: 0, maximum: 65_535, description: '0 takes any free port' })
const HOST = Type.String({ minLength: 1, maxLength: 255, description: 'address to listen on' })
const ROOM = Type.String({ pattern: ROOM_PATTERN, description: 'room of the site' })
const BROKER = Type.String({ pattern: '^mqtts://[^\\s/]+:[0-9]{1,5}$', description: 'mqtts://host:port' })
const oneOf = <const Name extends string>(names: readonly Name[]) => Type.Unsafe<Name>(Type.Enum([...names]))

const SIDE = Type.Union([Type.Literal('inside'), Type.Literal('outside')])
const READER = Type.Object(
  {
    device: ID,
    kind: Type.Literal('reader'),
    family: oneOf(FAMILY_NAMES),
    address: ADDRESS,
    baud: Type.Optional(BAUD),
    region: oneOf(REGIONS),
    powerDbm: Type.Number({ minimum: 0, maximum: 33, description: 'dBm' }),
    session: Type.Optional(Type.Union([Type.Literal(0), Type.Literal(1)])),
    door: ID,
    side: SIDE,
    /** A reader with several ports: which of them looks from which side; without it all look from `side`. */
    antennas: Type.Optional(
      Type.Array(Type.Object({ port: Type.Integer({ minimum: 1, maximum: 16 }), side: SIDE }, closed), { minItems: 1, maxItems: 16 }),
    ),
  },
  closed,
)
/** At least one character that GS1 character set 82 does not hold [GenSpecs 7.11]: `#$@[\\]^`{|}~`, a space or a control character; `<GS>` is what many emit. */
const SEPARATOR_PATTERN = '^(<GS>|.{0,7}[\\u0001-\\u0020#$@\\[\\\\\\]^`{|}~].{0,7})$'
const AFFIX = Type.String({ maxLength: 32, description: 'text' })
const SCANNER_PROFILE = Type.Object(
  {
    prefix: Type.Optional(AFFIX),
    suffix: Type.Optional(AFFIX),
    codeId: Type.Optional(Type.Boolean({ description: "whether the maker's code id comes" })),
    aim: Type.Optional(Type.Union([Type.Boolean(), Type.Null()], { description: 'whether the AIM id comes; null takes either' })),
    coding: Type.Optional(oneOf(TEXT_CODINGS)),
  },
  closed,
)
const SCANNER = Type.Object(
  {
    device: ID,
    kind: Type.Literal('scanner'),
    address: ADDRESS,
    baud: BAUD,
    /** How it speaks; `line` unless said otherwise. */
    protocol: Type.Optional(oneOf(SCANNER_KIND_NAMES)),
    terminator: Type.Optional(oneOf(TERMINATORS)),
    /** What it sends for GS if not GS: nothing that GS1 data can hold, else data would be taken for separators. */
    separator: Type.Optional(Type.String({ pattern: SEPARATOR_PATTERN, description: 'outside GS1 set 82, such as | or <GS>' })),
    /** What else it was set to send around the data. */
    profile: Type.Optional(SCANNER_PROFILE),
    /** Whether it is told at opening to send AIM ids. */
    configure: Type.Optional(Type.Boolean()),
  },
  closed,
)
/** Figures of earlier doors that no decision looks at any more; a node that still has them set starts all the same. */
const RETIRED_THRESHOLDS = ['readsMin', 'noiseDb', 'riseDb', 'steadyDb', 'residentDb'] as const
/** The figures of `THRESHOLDS` by their names, so that a misspelt one is told; how the evidence weighs is not set by hand. */
type ThresholdName = Exclude<keyof PortalThresholds, 'weights' | 'adoption'>
const THRESHOLD_SETTINGS = Type.Unsafe<Partial<Record<ThresholdName, number>>>(
  Type.Object(
    Object.fromEntries(
      [...Object.keys(THRESHOLDS), ...RETIRED_THRESHOLDS].flatMap((name) =>
        name === 'weights' || name === 'adoption'
          ? []
          : [[name, Type.Optional(Type.Number({ minimum: -100, maximum: 600_000, description: 'ms, dB, dBm or 0..1' }))]],
      ),
    ),
    closed,
  ),
)
const DOOR = Type.Object(
  {
    door: ID,
    name: NAME_TEXT,
    inside: ROOM,
    /** What lies beyond: a room of this site, another node, or nothing known. */
    beyond: Type.Union([Type.Object({ room: ROOM }, closed), Type.Object({ node: NODE }, closed), Type.Null()]),
    /** A light barrier across the doorway, on an input of a reader; `active` is the level while something stands in it. */
    lightBarrier: Type.Optional(
      Type.Object({ reader: ID, input: Type.Integer({ minimum: 1, maximum: 32 }), active: oneOf(['high', 'low']) }, closed),
    ),
    /** Figures of the doorway that differ from the usual ones. */
    thresholds: Type.Optional(THRESHOLD_SETTINGS),
  },
  closed,
)
/** A door without a node around it, to be played from recorded sightings: which antenna looks from which side. */
const DOORWAY = Type.Object(
  {
    antennas: Type.Record(Type.String({ minLength: 1, maxLength: 64 }), SIDE, { minProperties: 1, maxProperties: 64 }),
    door: ID,
    thresholds: THRESHOLD_SETTINGS,
  },
  closed,
)
const KEEPER = Type.Object(
  {
    keeper: ID,
    name: Type.String({ minLength: 1, maxLength: 120 }),
    pinHash: Type.String({ pattern: PIN_HASH_PATTERN, description: 'made by lotkeeper edge pin' }),
    role: Type.Optional(
      Type.Union([Type.Literal('keeper'), Type.Literal('assistant')], {
        description: 'keeper, unless said otherwise; an assistant sets no rule aside',
      }),
    ),
  },
  closed,
)

/** Everything that can be set on a node, with what is allowed. `edge.json` in the home folder holds any part of it. */
export const SETTINGS = Type.Object(
  {
    home: Type.String({ minLength: 1, description: 'folder of database, keys and settings' }),
    /** Set by `lotkeeper edge join`. */
    node: NODE,
    zone: ZONE,
    /** Whose law says in which band readers may send. */
    country: oneOf(COUNTRIES),
    /** `mqtts://host:port` of the hub's broker; set by join. */
    broker: Type.Union([BROKER, Type.Null()]),
    /** Brokers of further hubs of the county, such as a standby: the node's own entries go to all, the hub with the highest incarnation is obeyed. */
    brokers: Type.Array(BROKER, { maxItems: 4, description: 'further mqtts://host:port' }),
    keepers: Type.Array(KEEPER, { maxItems: 100 }),
    devices: Type.Array(Type.Union([READER, SCANNER]), { maxItems: 64 }),
    doors: Type.Array(DOOR, { maxItems: 16 }),
    httpHost: HOST,
    httpPort: PORT,
    httpsHost: HOST,
    httpsPort: PORT,
    /** Names, beside localhost and private addresses, by which tablets call this node. */
    names: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { maxItems: 32 }),
    pages: Type.String({ minLength: 1, description: 'folder of the built pages' }),
    ringMbMax: Type.Integer({ minimum: 1, maximum: 100_000, description: 'MB of raw reads kept' }),
    ringDays: Type.Integer({ minimum: 1, maximum: 3_650, description: 'days raw reads are kept' }),
    databaseMbMax: Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000 }), Type.Null()], {
      description: 'largest size of the ledger in MB, or null',
    }),
    /** A tablet that is put down must not book in the name of who held it last. */
    idleMinutes: Type.Integer({ minimum: 1, maximum: 720, description: 'minutes without a touch until the page signs out' }),
    deviceLostSeconds: Type.Integer({ minimum: 1, maximum: 86_400, description: 'seconds until a silent device is an alarm' }),
    logLevel: oneOf(['trace', 'debug', 'info', 'warn', 'error']),
  },
  closed,
)
type Read = Static<typeof SETTINGS>
export type Settings = Omit<Read, 'devices'> & { readonly devices: readonly (Static<typeof READER> | Static<typeof SCANNER>)[] }
export type ReaderSetting = Static<typeof READER>
export type ScannerSetting = Static<typeof SCANNER>
export type DoorSetting = Static<typeof DOOR>
export type BarrierSetting = NonNullable<DoorSetting['lightBarrier']>
export type KeeperSetting = Static<typeof KEEPER>

/** The environment variables that set something, and what they set. The only place that knows them. */
export const VARIABLES = {
  LOTKEEPER_EDGE_HOME: 'home',
  LOTKEEPER_EDGE_ZONE: 'zone',
  LOTKEEPER_EDGE_COUNTRY: 'country',
  LOTKEEPER_EDGE_BROKER: 'broker',
  LOTKEEPER_EDGE_BROKERS: 'brokers',
  LOTKEEPER_EDGE_HTTP_HOST: 'httpHost',
  LOTKEEPER_EDGE_HTTP_PORT: 'httpPort',
  LOTKEEPER_EDGE_HTTPS_HOST: 'httpsHost',
  LOTKEEPER_EDGE_HTTPS_PORT: 'httpsPort',
  LOTKEEPER_EDGE_NAMES: 'names',
  LOTKEEPER_EDGE_PAGES: 'pages',
  LOTKEEPER_EDGE_RING_MB_MAX: 'ringMbMax',
  LOTKEEPER_EDGE_RING_DAYS: 'ringDays',
  LOTKEEPER_EDGE_DATABASE_MB_MAX: 'databaseMbMax',
  LOTKEEPER_EDGE_DEVICE_LOST_SECONDS: 'deviceLostSeconds',
  LOTKEEPER_EDGE_IDLE_MINUTES: 'idleMinutes',
  LOTKEEPER_EDGE_LOG_LEVEL: 'logLevel',
} as const satisfies Readonly<Record<string, keyof Settings>>

type Environment = Readonly<Record<string, string | undefined>>

/** The home folder asked for: `--home`, else the environment, else `lotkeeper-edge` here. */
export const homeOf = (asked: string | null, environment: Environment = process.env): string =>
  resolve(asked ?? environment['LOTKEEPER_EDGE_HOME'] ?? 'lotkeeper-edge')

/** Reads, checks and freezes the settings: defaults, then `<home>/edge.json`, then the environment. Throws a fault that names what is wrong. */
export const readSettings = (homeAsked: string | null, environment: Environment = process.env): Settings => {
  const home = homeOf(homeAsked, environment)
  const file = join(home, 'edge.json')
  return judgeLayers([...fileLayer(file), ...environmentLayers(environment)], home, file)
}

/** Throws a fault that names what would be wrong with a node whose `edge.json` held these values. */
export const judgeFile = (home: string, values: Readonly<Record<string, unknown>>): void => {
  const file = join(home, 'edge.json')
  // Before the node has joined it has no name yet; everything else must hold.
  judgeLayers([{ from: file, values: { node: 'not-joined', ...values } }], home, file)
}

const judgeLayers = (layers: readonly SettingsLayer[], home: string, file: string): Settings => {
  const all = [{ from: 'default', values: { ...DEFAULTS, home } }, ...layers, { from: '--home', values: { home } }]
  const judged = judgeSettings<Settings>(SETTINGS, all)
  if ('trouble' in judged) throw settingsFault(judged.trouble)
  judgeTogether(judged.settings, file)
  return judged.settings
}

/** Reads and checks the file of a door that is played from recorded sightings. Throws a fault that names what is wrong, or that there is no such file. */
export const readDoorway = (file: string): PortalConfig => {
  const [layer] = fileLayer(file)
  if (!layer) throw fault('settings.unreadable', { path: file, why: 'ENOENT' })
  const judged = judgeSettings<PortalConfig>(DOORWAY, [{ from: 'default', values: { door: 'door', thresholds: {} } }, layer])
  if ('trouble' in judged) throw settingsFault(judged.trouble)
  return judged.settings
}

/** The node and the page names the file names so far, before there are whole settings. */
export const namedSoFar = (home: string): { readonly node: string | null; readonly names: readonly string[] } => {
  const { node, names } = fileLayer(join(home, 'edge.json'))[0]?.values ?? {}
  return { node: typeof node === 'string' ? node : null, names: Array.isArray(names) ? names.filter((one) => typeof one === 'string') : [] }
}

const settingsFault = (trouble: SettingsTrouble) =>
  fault('settings.wrong', {
    problems:
      trouble.is === 'name-unknown'
        ? `${trouble.name}: 没有这项设置，最接近的是 / no such setting, the nearest is ${trouble.nearest}（${trouble.from}）`
        : `${trouble.name} = ${trouble.value}: 允许 / allowed ${trouble.allowed}（${trouble.from}）`,
    name: trouble.name,
    from: trouble.from,
  })

/** What no single value shows: two devices of one name, a reader at a door that is not there. */
const judgeTogether = ({ devices, doors, keepers, country }: Settings, file: string): void => {
  const wrong = (name: string, zh: string, en: string) =>
    fault('settings.wrong', { problems: `${name}: ${zh} / ${en}（${file}）`, name, from: file })
  const twice = (names: readonly string[]) => names.find((name, at) => names.indexOf(name) !== at)
  const device = twice(devices.map((one) => one.device))
  if (device !== undefined) throw wrong(`devices ${device}`, '设备编号重复', 'two devices have this id')
  const address = twice(devices.map((one) => one.address))
  if (address !== undefined) throw wrong(`devices ${address}`, '两台设备用了同一地址', 'two devices share this address')
  const keeper = twice(keepers.map((one) => one.keeper))
  if (keeper !== undefined) throw wrong(`keepers ${keeper}`, '人员编号重复', 'two keepers have this id')
  const door = twice(doors.map((one) => one.door))
  if (door !== undefined) throw wrong(`doors ${door}`, '门编号重复', 'two doors have this id')
  const unlawful = devices.find((one) => one.kind === 'reader' && !isLawful(country, one.region))
  if (unlawful?.kind === 'reader') {
    const { zh, en, regions } = LAWS[country]
    const [allowed, name] = [regions.join(' '), `devices ${unlawful.device} region ${unlawful.region}`]
    throw wrong(name, `${zh}只允许读写器使用 ${allowed}`, `in ${en} readers may only use ${allowed}`)
  }
  const lost = devices.find((one) => one.kind === 'reader' && !doors.some((known) => known.door === one.door))
  if (lost?.kind === 'reader') throw wrong(`devices ${lost.device}`, `没有 ${lost.door} 这扇门`, `there is no door ${lost.door}`)
  for (const { door, lightBarrier } of doors) {
    const trouble = lightBarrier === undefined ? null : barrierTrouble(lightBarrier, devices)
    if (trouble !== null) throw wrong(`doors ${door} lightBarrier`, trouble.zh, trouble.en)
  }
  const pin = twice(doors.flatMap(({ lightBarrier: one }) => (one === undefined ? [] : [`${one.reader} ${one.input}`])))
  if (pin !== undefined) throw wrong(`doors lightBarrier ${pin}`, '两扇门用了同一个输入口', 'two doors share this input')
}

/** What is wrong with a barrier's place, or `null`. */
const barrierTrouble = ({ reader, input }: BarrierSetting, devices: Settings['devices']): Meaning | null => {
  const named = devices.find((one) => one.kind === 'reader' && one.device === reader)
  if (named?.kind !== 'reader') return { zh: `没有 ${reader} 这台读写器`, en: `there is no reader ${reader}` }
  const inputsOf = (family: Family): number => family.inputs ?? 0
  const most = inputsOf(FAMILIES[named.family])
  if (most === 0) {
    const able = FAMILY_NAMES.filter((name) => inputsOf(FAMILIES[name]) > 0).join(' ')
    return {
      zh: `${named.family} 读写器报告不了输入口，光栅请接到这些协议的读写器上：${able}`,
      en: `readers of ${named.family} tell no inputs; connect the light barrier to one of ${able}`,
    }
  }
  if (input <= most) return null
  return { zh: `${named.family} 读写器的输入口只有 1 到 ${most}`, en: `readers of ${named.family} have inputs 1 to ${most}` }
}

const DEFAULTS: Omit<Settings, 'home' | 'node'> = {
  zone: 'Asia/Shanghai',
  country: 'CN',
  broker: null,
  brokers: [],
  keepers: [],
  devices: [],
  doors: [],
  httpHost: '127.0.0.1',
  httpPort: 8081,
  httpsHost: '0.0.0.0',
  httpsPort: 8444,
  names: [],
  pages: fileURLToPath(new URL('../dashboard/dist', import.meta.url)),
  ringMbMax: 512,
  ringDays: 30,
  databaseMbMax: null,
  deviceLostSeconds: 30,
  idleMinutes: 15,
  logLevel: 'info',
}

/** What stands in a settings file, as a layer; none where there is no file. Throws `settings.unreadable`. */
export const fileLayer = (file: string): readonly SettingsLayer[] => {
  if (!existsSync(file)) return []
  try {
    const values: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof values !== 'object' || values === null || Array.isArray(values)) throw new TypeError('not an object')
    return [{ from: file, values: values as Record<string, unknown> }]
  } catch (cause) {
    throw fault('settings.unreadable', { path: file, why: cause instanceof Error ? cause.message : String(cause) }, cause)
  }
}

const environmentLayers = (environment: Environment): readonly SettingsLayer[] => {
  const foreign = Object.keys(environment).find((name) => name.startsWith('LOTKEEPER_EDGE_') && !(name in VARIABLES))
  if (foreign !== undefined)
    throw fault('settings.wrong', {
      problems: `${foreign}: 没有这个环境变量 / no such variable; ${Object.keys(VARIABLES).join(' ')}`,
      name: foreign,
      from: 'environment',
    })
  return Object.entries(VARIABLES).flatMap(([variable, name]) => {
    const text = environment[variable]
    return text === undefined ? [] : [{ from: variable, values: { [name]: readValue(name, text) } }]
  })
}

/** The environment knows texts only; what cannot be read as a number stays text and is refused by the schema. */
const readValue = (name: keyof Settings, text: string): unknown => {
  if (name === 'names' || name === 'brokers') return text === '' ? [] : text.split(',').map((one) => one.trim())
  if (/Port$|Max$|Days$|Seconds$|Minutes$/.test(name) && /^-?[0-9]+$/.test(text)) return Number(text)
  return text === 'null' && (name === 'broker' || name === 'databaseMbMax') ? null : text
}
