import { FAMILIES, type FamilyName } from '@lotkeeper/edge/readers/uhf/families.ts'
import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { type Field, openField } from '../simulators/field.ts'
import { chance } from '../simulators/field-chance.ts'
import { pathOf, type WalkKind } from '../simulators/field-walks.ts'
import type { Wire } from '../simulators/line.ts'
import { openWire } from '../simulators/line-open.ts'
import { MODULES } from '../simulators/modules/modules.ts'
import { type SimulatedReader, simulateReader } from '../simulators/reader.ts'
import { REAL_PARTS } from '../simulators/real-parts.ts'
import { type SimulatedScanner, simulateScanner } from '../simulators/scanner.ts'
import { openTcpWire } from '../simulators/tcp.ts'
import { freePort } from './ports.ts'

/** The devices of one township and the air of its door: a reader on each side, a scanner on the table, and people who walk. */
export interface Doorway {
  readonly addresses: { readonly inside: string; readonly outside: string; readonly scanner: string }
  readonly readers: { readonly inside: SimulatedReader; readonly outside: SimulatedReader }
  readonly scanner: SimulatedScanner
  readonly field: Field
  /** What a node's settings say of these devices, as the readers of a door. */
  readonly devices: (door: string) => readonly object[]
  /** Somebody walks with these tags (upper-case hex); settles when the walk is over. A cart holds many. */
  readonly walk: (kind: WalkKind, epcs: readonly string[], speedMps?: number) => Promise<void>
  /** Why a device hangs on TCP instead of a pseudo-terminal, or `null`. */
  readonly fellBack: string | null
  readonly close: () => Promise<void>
}

export interface DoorwaySettings {
  /** Folder for the links to the pseudo-terminals. */
  readonly folder: string
  readonly seed: number
  readonly wires: 'pty' | 'tcp'
  /** What the readers speak, `bb7e` unless said otherwise. */
  readonly family?: FamilyName
  /** One reader whose first antenna looks inside and whose second looks outside, instead of a reader on each side. */
  readonly single?: boolean
}

/** Opens the devices of one township on real wires. */
export const openDoorway = async ({ folder, seed, wires, family = 'bb7e', single = false }: DoorwaySettings): Promise<Doorway> => {
  const field = openField(seed)
  const names = single ? ['door', 'scanner'] : ['door-inside', 'door-outside', 'scanner']
  const opened = await Promise.all(names.map((name) => openOne(wires, folder, name)))
  const cables = opened.map((one) => one.wire)
  const [inside, outside, table] = (single ? [cables[0], ...cables] : cables) as [Wire, Wire, Wire]
  const [first, second] = [field.fieldOf('inside'), field.fieldOf('outside')]
  const one = simulateReader(inside, REAL_PARTS, {
    family,
    ports: single ? [1, 2] : [1],
    field: (at, port) => (port === 1 ? first : second)(at),
  })
  const readers = { inside: one, outside: single ? one : simulateReader(outside, REAL_PARTS, { family, field: second }) }
  const scanner = simulateScanner(table)
  let walks = 0
  return {
    addresses: { inside: inside.address, outside: outside.address, scanner: table.address },
    readers,
    scanner,
    field,
    devices: (door) => {
      const { baud } = MODULES[family]
      const usual = FAMILIES[family].bauds[0] === baud
      const reader = { kind: 'reader', family, ...(usual ? {} : { baud }), region: 'CN900', powerDbm: 26, door }
      const both = [
        { device: `${door}-inside`, ...reader, address: inside.address, side: 'inside' },
        { device: `${door}-outside`, ...reader, address: outside.address, side: 'outside' },
      ]
      const one = { device: door, ...reader, address: inside.address, side: 'inside', antennas: ANTENNAS }
      return [...(single ? [one] : both), { device: TABLE_SCANNER, kind: 'scanner', address: table.address, baud: 9_600 }]
    },
    walk: async (kind, epcs, speedMps = 1) => {
      walks += 1
      const startMs = Date.now() + 50
      const lengths = epcs.map((epc, at) =>
        carryOne(field, { kind, epc, startMs, speedMps, lateralM: 0.3 * (chance(seed, walks, at) - 0.5) }),
      )
      await new Promise((resolve) => setTimeout(resolve, Math.max(...lengths) - Date.now()))
      field.forget(Date.now() - 1_000)
    },
    fellBack: opened.find(({ fellBack }) => fellBack !== null)?.fellBack ?? null,
    close: async () => {
      await Promise.all([...new Set([readers.inside, readers.outside]), scanner].map((device) => device.close()))
    },
  }
}

/** The two antennas of a single reader. */
const ANTENNAS = [
  { port: 1, side: 'inside' },
  { port: 2, side: 'outside' },
]
const TABLE_SCANNER = 'table-scanner'

const openOne = async (wires: 'pty' | 'tcp', folder: string, name: string) =>
  wires === 'pty' ? openWire({ folder, name }) : { wire: await openTcpWire({ port: await freePort() }), fellBack: null }

/** Puts one tag on its way; answers when it is over. */
const carryOne = (
  field: Field,
  walk: { readonly kind: WalkKind; readonly epc: string; readonly startMs: number; readonly speedMps: number; readonly lateralM: number },
): number => {
  const path = pathOf(walk.kind, walk.startMs, walk.speedMps, walk.lateralM)
  field.carry({ epc: bytesOfHex(walk.epc) ?? new Uint8Array(), path, gainDb: 0, bodyDb: 3, aheadM: 0.1 })
  return path.at(-1)?.atMs ?? walk.startMs
}
