import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEMO_ITEMS, DEMO_ROOMS, DEMO_SITES, type DemoSite } from '../demo/stock.ts'
import { type HubClient, newAction, openHubClient } from './client.ts'
import { type RunningHouse, startHouse } from './house.ts'
import { choosePorts, onFreePorts, type Ports } from './ports.ts'
import { openTownship, type Township } from './township.ts'

/** A whole county on one machine: a hub and its townships, each a process, on real wires and a real broker. */
export interface County {
  readonly home: string
  readonly login: Login
  readonly hub: () => RunningHouse
  readonly hubClient: () => Promise<HubClient>
  readonly dashboard: () => string
  readonly broker: () => string
  readonly startHub: () => Promise<RunningHouse>
  readonly township: (node: string) => Township
  readonly townships: readonly Township[]
  /** Registers boxes announced to a site; answers their EPCs. */
  readonly announce: (site: string, boxes: readonly Box[], doc: string | null) => Promise<void>
  readonly close: () => Promise<void>
}
export interface Login {
  readonly user: string
  readonly password: string
}
export interface Box {
  readonly epc: string
  readonly item: string
  readonly lotNumber: string
  readonly expiry: string
}

export interface CountySettings {
  readonly home: string
  readonly sites?: readonly DemoSite[]
  readonly wires?: 'pty' | 'tcp'
  /** Usual ports; a taken one is replaced by any free one. `null` takes free ones from the start. */
  readonly ports?: Ports | null
  readonly hubEnv?: Readonly<Record<string, string>>
  readonly nodeEnv?: Readonly<Record<string, string>>
  readonly say?: (line: string) => void
  readonly onLog?: (house: string, line: string) => void
}

/** Starts a county, seeding catalogue and sites when it is new. Ends everything it started when a part fails. */
export const openCounty = async (settings: CountySettings): Promise<County> => {
  const say = settings.say ?? (() => {})
  const login = DEMO_LOGIN
  const hubHome = join(settings.home, 'hub')
  mkdirSync(hubHome, { recursive: true })
  let hub: RunningHouse
  const startHub = async () => {
    hub = await startHouse({
      name: 'hub',
      args: ['hub', '--home', hubHome],
      ...(settings.hubEnv ? { env: settings.hubEnv } : {}),
      onLog: (line) => settings.onLog?.('hub', line),
    })
    return hub
  }
  const ports = await onFreePorts(async () => {
    const chosen = await choosePorts(settings.ports ?? null, say)
    writeHubSettings(hubHome, chosen)
    await startHub()
    return chosen
  })
  const townships: Township[] = []
  const ready = (name: string): string => String(hub.ready[name] ?? '')
  const close = async () => {
    await Promise.all(townships.map((town) => town.close()))
    await hub.stop()
  }
  try {
    const client = await openHubClient(ready('http'), login)
    await seedCatalogue(client)
    const sites = settings.sites ?? DEMO_SITES
    // One after another: each start is then as quick as it can be on two cores, and the order of lines is the order of sites.
    for (const [at, site] of sites.entries()) {
      say(`  ${site.zh} …`)
      townships.push(await openSite(settings, site, at, ports.nodes === 0 ? 0 : ports.nodes + at * 2, client, ready))
    }
  } catch (cause) {
    await close()
    throw cause
  }
  return {
    home: settings.home,
    login,
    hub: () => hub,
    hubClient: () => openHubClient(ready('http'), login),
    dashboard: () => ready('http'),
    broker: () => ready('broker'),
    startHub,
    townships,
    township: (node) => {
      const found = townships.find((town) => town.node === node)
      if (!found) throw new Error(`no township ${node}`)
      return found
    },
    announce: async (site, boxes, doc) => {
      const client = await openHubClient(ready('http'), login)
      await client.get('registerTags', { action: newAction(), site, doc, tags: boxes.map((box) => ({ ...box, pack: '盒' })) })
    },
    close,
  }
}

/** The demo's only login. Outside of the demo the hub makes its own password. */
export const DEMO_LOGIN: Login = { user: 'county', password: 'lotkeeper' }
/** scrypt of the demo's password: public, like the password. */
const DEMO_PASSWORD_HASH = 'scrypt$16384$8$5$umEmdwC7c4vWzrDHtTGd2w$HS0MAV39bbqdECaoArPuGuoXpR6-6n5Cg6fpH5QbYd0'

const writeHubSettings = (home: string, ports: Ports): void => {
  const values = {
    httpPort: ports.http,
    httpsHost: '127.0.0.1',
    httpsPort: ports.https,
    brokerHost: '127.0.0.1',
    brokerPort: ports.broker,
    login: { user: DEMO_LOGIN.user, name: '县库管理员', passwordHash: DEMO_PASSWORD_HASH },
  }
  writeFileSync(join(home, 'hub.json'), `${JSON.stringify(values, null, 2)}\n`)
}

const seedCatalogue = async (client: HubClient): Promise<void> => {
  const known = await client.get('items', { limit: 500 })
  for (const item of DEMO_ITEMS) {
    if (!known.rows.some((row) => row.item === item.item)) await client.get('createItem', { action: newAction(), ...item })
  }
}

const openSite = (
  settings: CountySettings,
  site: DemoSite,
  at: number,
  port: number,
  client: HubClient,
  ready: (name: string) => string,
): Promise<Township> =>
  openTownship({
    node: site.node,
    home: join(settings.home, site.node),
    pin: site.pin,
    keeper: { keeper: `${site.node}-1`, name: '库管员' },
    wires: settings.wires ?? 'pty',
    seed: at + 1,
    family: site.family,
    single: site.single,
    ports: { http: port, https: port === 0 ? 0 : port + 1 },
    broker: () => ready('broker'),
    enrolment: async () => {
      const made = await client.get('createEnrolment', {
        action: newAction(),
        node: site.node,
        name: { zh: site.zh, en: site.en },
        rooms: DEMO_ROOMS.map((room) => ({ ...room, name: { ...room.name } })),
      })
      return { hub: ready('https'), code: made.code }
    },
    ...(settings.nodeEnv ? { env: settings.nodeEnv } : {}),
    onLog: (line) => settings.onLog?.(site.node, line),
  })
