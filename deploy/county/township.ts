import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FamilyName } from '@lotkeeper/edge/readers/uhf/families.ts'
import { boxScan } from '../demo/stock.ts'
import { type NodeClient, openNodeClient } from './client.ts'
import { type Doorway, openDoorway } from './doorway.ts'
import { type RunningHouse, runVerb, startHouse } from './house.ts'

/** One township: a node as a process of its own, its devices on real wires, people at its door and at its table. */
export interface Township {
  readonly node: string
  readonly home: string
  readonly doorway: Doorway
  /** The running process, or `null` while it is down. */
  readonly process: () => RunningHouse | null
  /** Address of the stockroom page on this machine. */
  readonly page: () => string
  /** Address of the same page over HTTPS, for tablets. */
  readonly securePage: () => string
  /** Signed in at the stockroom page's API. */
  readonly client: () => Promise<NodeClient>
  readonly start: () => Promise<RunningHouse>
  readonly stop: () => Promise<void>
  /** kill -9. */
  readonly kill: () => Promise<void>
  /** A carton is scanned at the table. */
  readonly scan: (gtin14: string, lotNumber: string, expiry: string) => void
  /** Ends the process and the devices. */
  readonly close: () => Promise<void>
}

export interface TownshipSettings {
  readonly node: string
  readonly home: string
  readonly pin: string
  readonly keeper: { readonly keeper: string; readonly name: string }
  readonly wires: 'pty' | 'tcp'
  readonly seed: number
  /** What the readers of its door speak, and whether one reader has both antennas; as in `DoorwaySettings`. */
  readonly family?: FamilyName
  readonly single?: boolean
  readonly ports: { readonly http: number; readonly https: number }
  /** Where the broker listens now; a node enrolled earlier is told when it moved. */
  readonly broker: () => string
  /** A code of the hub, asked for only when the node is not enrolled yet. */
  readonly enrolment: () => Promise<{ readonly hub: string; readonly code: string }>
  readonly env?: Readonly<Record<string, string>>
  readonly onLog?: (line: string) => void
}

/** Opens the devices, enrols the node if it is not, and starts it. */
export const openTownship = async (settings: TownshipSettings): Promise<Township> => {
  const { node, home } = settings
  mkdirSync(home, { recursive: true })
  const doorway = await openDoorway({ folder: join(home, 'devices'), ...settings })
  await writeSettings(settings, doorway)
  await enrol(settings)
  let process: RunningHouse | null = null
  const start = async () => {
    process = await startHouse({
      name: node,
      args: ['edge', '--home', home],
      ...(settings.env ? { env: settings.env } : {}),
      ...(settings.onLog ? { onLog: settings.onLog } : {}),
    })
    const started = process
    void started.gone.then(() => {
      if (process === started) process = null
    })
    return started
  }
  const ready = (name: string): string => String(process?.ready[name] ?? '')
  let client: NodeClient | null = null
  await start()
  return {
    node,
    home,
    doorway,
    process: () => process,
    page: () => ready('http'),
    securePage: () => ready('https'),
    client: async () => {
      if (client?.base !== ready('http')) client = await openNodeClient(ready('http'), settings.pin)
      return client
    },
    start,
    stop: async () => {
      await process?.stop()
      process = null
    },
    kill: async () => {
      await process?.kill()
      process = null
    },
    scan: (gtin14, lotNumber, expiry) => doorway.scanner.scan(boxScan(gtin14, lotNumber, expiry).slice(3)),
    close: async () => {
      await process?.stop()
      process = null
      await doorway.close()
    },
  }
}

/** The door joins the store room with the treatment room. */
const writeSettings = async (settings: TownshipSettings, doorway: Doorway): Promise<void> => {
  const file = join(settings.home, 'edge.json')
  const known: Record<string, unknown> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const values = {
    ...known,
    node: settings.node,
    keepers: known['keepers'] ?? [{ ...settings.keeper, pinHash: await pinHash(settings.pin) }],
    doors: [{ door: 'door-1', name: { zh: '库房门', en: 'Store door' }, inside: 'main', beyond: { room: 'clinic' } }],
    devices: doorway.devices('door-1'),
    ...(known['broker'] ? { broker: settings.broker() } : {}),
    httpPort: settings.ports.http,
    httpsPort: settings.ports.https,
    httpsHost: '127.0.0.1',
  }
  writeFileSync(file, `${JSON.stringify(values, null, 2)}\n`)
}

/** What `lotkeeper edge pin` makes of the demo's PIN: public, like the PIN. Making it anew takes a second for every township of every county. */
const DEMO_PIN_HASHES: Readonly<Record<string, string>> = {
  '2580': 'scrypt$16384$55wpgj181vx2D6uTtqP27w$-CJHMtcA91EjEtnwx3LMvBclAstZl8tZIlI_Y_1jh_U',
}

const pinHash = async (pin: string): Promise<string> => {
  const known = DEMO_PIN_HASHES[pin]
  if (known !== undefined) return known
  const made = await runVerb(['edge', 'pin'], { input: `${pin}\n` })
  if (made.code !== 0) throw new Error(`lotkeeper edge pin: ${made.code}\n${made.err}`)
  return made.out.trim().split('\n').at(-1) ?? ''
}

const enrol = async (settings: TownshipSettings): Promise<void> => {
  const file = join(settings.home, 'edge.json')
  if (JSON.parse(readFileSync(file, 'utf8')).broker) return
  const { hub, code } = await settings.enrolment()
  const joined = await runVerb(['edge', 'join', '--hub', hub, '--code', code, '--home', settings.home])
  if (joined.code !== 0) throw new Error(`lotkeeper edge join: ${joined.code}\n${joined.err}${joined.out}`)
}
