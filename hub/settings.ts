import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { judgeSettings, type SettingsLayer, ZONE } from '@lotkeeper/protocol/settings.ts'
import { type Static, Type } from 'typebox'
import { fault } from './faults.ts'
import { ALLOWED_PATTERN } from './outgoing/target.ts'

const PORT = Type.Integer({ minimum: 0, maximum: 65_535, description: '0 takes any free port' })
const HOST = Type.String({ minLength: 1, maxLength: 255, description: 'address to listen on' })
const closed = { additionalProperties: false } as const

/** Everything that can be set, with what is allowed. `hub.json` in the home folder holds any part of it. */
export const SETTINGS = Type.Object(
  {
    home: Type.String({ minLength: 1, description: 'folder of database, keys and settings' }),
    httpHost: HOST,
    httpPort: PORT,
    httpsHost: HOST,
    httpsPort: PORT,
    brokerHost: HOST,
    brokerPort: PORT,
    /** Names and addresses, beside the machine's own, by which nodes and browsers reach the hub. */
    names: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { maxItems: 32 }),
    zone: ZONE,
    pages: Type.Union([Type.String({ minLength: 1 }), Type.Null()], { description: 'folder of the built pages, or null for none' }),
    /** Who may sign in; without one a password is made at first start and printed once. */
    login: Type.Union([
      Type.Object(
        {
          user: Type.String({ minLength: 1, maxLength: 64 }),
          name: Type.String({ maxLength: 120 }),
          passwordHash: Type.String({ pattern: '^scrypt\\$' }),
        },
        closed,
      ),
      Type.Null(),
    ]),
    /** The county's identity provider [OpenID Connect], beside passwords. */
    oidc: Type.Union(
      [
        Type.Object(
          {
            issuer: Type.String({ pattern: '^https?://', maxLength: 300 }),
            clientId: Type.String({ minLength: 1, maxLength: 200 }),
            clientSecret: Type.Union([Type.String({ minLength: 1, maxLength: 400 }), Type.Null()]),
            name: Type.String({ minLength: 1, maxLength: 120 }),
            claim: Type.String({ minLength: 1, maxLength: 64 }),
            base: Type.String({ pattern: '^https?://', maxLength: 300 }),
          },
          closed,
        ),
        Type.Null(),
      ],
      { description: 'identity provider (OpenID Connect), or null' },
    ),
    transitDueHours: Type.Integer({
      minimum: 1,
      maximum: 8_760,
      description: 'hours after which goods still on the way are a discrepancy',
    }),
    databaseMbMax: Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000 }), Type.Null()], {
      description: 'largest size of the database in MB, or null',
    }),
    secondCopy: Type.Union([Type.String({ minLength: 1 }), Type.Null()], {
      description: 'folder on another device for a second copy of what the hub writes itself, or null',
    }),
    outgoingHosts: Type.Array(Type.String({ maxLength: 270, pattern: ALLOWED_PATTERN }), {
      maxItems: 64,
      description: 'hosts of your own network that may be called, by exact name; see below',
    }),
    logLevel: Type.Union([Type.Literal('trace'), Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')]),
  },
  closed,
)
export type Settings = Static<typeof SETTINGS>

/** The environment variables that set something, and what they set. The only place that knows them. */
export const VARIABLES = {
  LOTKEEPER_HUB_HOME: 'home',
  LOTKEEPER_HUB_HTTP_HOST: 'httpHost',
  LOTKEEPER_HUB_HTTP_PORT: 'httpPort',
  LOTKEEPER_HUB_HTTPS_HOST: 'httpsHost',
  LOTKEEPER_HUB_HTTPS_PORT: 'httpsPort',
  LOTKEEPER_HUB_BROKER_HOST: 'brokerHost',
  LOTKEEPER_HUB_BROKER_PORT: 'brokerPort',
  LOTKEEPER_HUB_NAMES: 'names',
  LOTKEEPER_HUB_ZONE: 'zone',
  LOTKEEPER_HUB_PAGES: 'pages',
  LOTKEEPER_HUB_TRANSIT_DUE_HOURS: 'transitDueHours',
  LOTKEEPER_HUB_DATABASE_MB_MAX: 'databaseMbMax',
  LOTKEEPER_HUB_SECOND_COPY: 'secondCopy',
  LOTKEEPER_HUB_OUTGOING_HOSTS: 'outgoingHosts',
  LOTKEEPER_HUB_LOG_LEVEL: 'logLevel',
} as const satisfies Readonly<Record<string, keyof Settings>>

/** Reads, checks and freezes the settings: defaults, then `<home>/hub.json`, then the environment. Throws a fault that names what is wrong. */
export const readSettings = (
  homeAsked: string | null,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Settings => {
  const home = resolve(homeAsked ?? environment['LOTKEEPER_HUB_HOME'] ?? 'lotkeeper-hub')
  const layers = [
    { from: 'default', values: { ...DEFAULTS, home } },
    ...fileLayer(join(home, 'hub.json')),
    ...environmentLayers(environment),
    { from: '--home', values: { home } },
  ]
  const judged = judgeSettings<Settings>(SETTINGS, layers)
  if ('settings' in judged) return judged.settings
  const { trouble } = judged
  throw trouble.is === 'name-unknown'
    ? fault('settings.name-unknown', { name: trouble.name, nearest: trouble.nearest, from: trouble.from })
    : fault('settings.value-wrong', { name: trouble.name, value: trouble.value, allowed: trouble.allowed, from: trouble.from })
}

const DEFAULTS: Omit<Settings, 'home'> = {
  httpHost: '127.0.0.1',
  httpPort: 8080,
  httpsHost: '0.0.0.0',
  httpsPort: 8443,
  brokerHost: '0.0.0.0',
  brokerPort: 8883,
  names: [],
  zone: 'Asia/Shanghai',
  pages: fileURLToPath(new URL('../dashboard/dist', import.meta.url)),
  login: null,
  oidc: null,
  transitDueHours: 72,
  databaseMbMax: null,
  secondCopy: null,
  outgoingHosts: [],
  logLevel: 'info',
}

const fileLayer = (file: string): readonly SettingsLayer[] => {
  if (!existsSync(file)) return []
  try {
    const values: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof values !== 'object' || values === null || Array.isArray(values)) throw new TypeError('not an object')
    return [{ from: file, values: values as Record<string, unknown> }]
  } catch (cause) {
    throw fault('settings.file-unreadable', { file, why: cause instanceof Error ? cause.message : String(cause) }, cause)
  }
}

const environmentLayers = (environment: Readonly<Record<string, string | undefined>>): readonly SettingsLayer[] => {
  const foreign = Object.keys(environment).find((name) => name.startsWith('LOTKEEPER_HUB_') && !(name in VARIABLES))
  if (foreign !== undefined)
    throw fault('settings.name-unknown', { name: foreign, nearest: Object.keys(VARIABLES).join(' '), from: 'environment' })
  return Object.entries(VARIABLES).flatMap(([variable, name]) => {
    const text = environment[variable]
    return text === undefined ? [] : [{ from: variable, values: { [name]: readValue(name, text) } }]
  })
}

/** The environment knows texts only: numbers and lists are read from them; what cannot be read stays text and is refused by the schema. */
const readValue = (name: keyof Settings, text: string): unknown => {
  if (name === 'names' || name === 'outgoingHosts') return text.split(',').map((one) => one.trim())
  const number = /Port$|Hours$|Max$/.test(name) && /^-?[0-9]+$/.test(text)
  if (number) return Number(text)
  return text === 'null' && (name === 'pages' || name === 'databaseMbMax' || name === 'secondCopy') ? null : text
}
