import type { KeptRoster } from './access/kept.ts'
import { openPeople, openSettledPeople, type People } from './access/roster.ts'
import type { Unseal } from './access/seal.ts'
import { type Alarms, openAlarms } from './alarms/alarms.ts'
import type { Database } from './database.ts'
import { type Devices, openDevices } from './devices/devices.ts'
import { type Health, openHealth } from './devices/health.ts'
import { antennasOf } from './flow/antennas.ts'
import { inputsWanted, openBarrier } from './flow/barrier.ts'
import { openDoor, type Way } from './flow/door.ts'
import { type Gaps, openGaps } from './flow/gaps.ts'
import { doorOf, type FlowParts, type House, type NamedDoor } from './flow/house.ts'
import { openInspection } from './flow/inspection.ts'
import { type Line, openLine, openNoLine } from './flow/line.ts'
import { tellLacking, tellSalvaged } from './flow/news.ts'
import type { EdgeLedger } from './ledger/contract.ts'
import { openEdgeLedger } from './ledger/ledger.ts'
import { openRing, type Ring } from './ledger/ring.ts'
import type { Salvaged } from './ledger/salvage.ts'
import { openUnattended } from './ledger/unattended.ts'
import { openScanner } from './readers/barcode/scanner.ts'
import { openReader } from './readers/uhf/reader.ts'
import type { ReaderSetting, ScannerSetting, Settings } from './settings.ts'
import { openStockroom, type Stockroom } from './stockroom/stockroom.ts'
import type { Credentials } from './uplink/keys.ts'

/** What a node has on its disk. `credentials` is `null` until the node is enrolled. */
export interface EdgeStores {
  readonly ledger: Database
  readonly ring: Database
  /** Figures of the devices; may be deleted, and is learnt anew. */
  readonly health: Database
  readonly credentials: Credentials | null
  /** Where the county's people are kept, and what opens the county's word on them; without it those of the settings are all there are. */
  readonly people?: { readonly kept: KeptRoster; readonly unseal: Unseal }
  /** What became of a damaged ledger file at this start. */
  readonly salvaged?: Salvaged | null
}

/** A node at work: everything its page shows and asks. */
export interface EdgeNode {
  readonly ledger: EdgeLedger
  readonly ring: Ring
  readonly stockroom: Stockroom
  readonly alarms: Alarms
  readonly devices: Devices
  readonly health: Health
  readonly people: People
  readonly doors: readonly NamedDoor[]
  readonly line: Pick<Line, 'link' | 'hubKeys'>
  /** Ends devices, line and stores, in the order of the way. */
  readonly close: () => Promise<void>
}

/** The way of a thing through a node, top to bottom: ports, readers, sightings, doors, passages, bookings, the hub. The only file that wires. */
export const openEdge = (settings: Settings, parts: FlowParts, stores: EdgeStores): EdgeNode => {
  const { node, zone } = settings
  const doors = settings.doors.map((door) => doorOf(node, door))
  const ledger = openEdgeLedger(stores.ledger, parts, { node, zone, software: parts.software })
  const ring = openRing(stores.ring, parts, { bytesMax: settings.ringMbMax * 1_048_576, daysMax: settings.ringDays })
  const devices = openDevices(parts, settings.devices.map(deviceOf))
  const stockroom = openStockroom({ ...parts, node, ledger, doors, zone })
  const antennas = new Map(settings.doors.map(({ door }) => [door, antennasOf(settings, door)]))
  const health = openHealth({ ...parts, ledger, devices }, stores.health, { doors: antennas })
  const alarms = openAlarms({ ...parts, ledger, devices, now: stockroom.now, deviceLostMs: settings.deviceLostSeconds * 1_000 })
  const unattended = openUnattended(parts, ledger, {
    refused: (code, waiting) => {
      parts.log.warn({ code, waiting }, 'the disk refused bookings of the doors; they wait')
      alarms.lookSoon()
    },
    dropped: (acts, why) =>
      parts.log.error({ acts, why }, 'passages were lost: the disk was full for too long, or they were refused even as seen'),
  })
  const county = stores.people && openPeople({ ...parts, ...stores.people, node, ledger, ...peopleOf(settings, parts) })
  const people = county ?? openSettledPeople(settings.keepers)
  const house: House = { settings, parts, ledger, ring, devices, health, stockroom, alarms, unattended }
  const gaps = openGaps(house)
  const ways = settings.doors.map((door) => openDoor(house, door, gaps))
  const readers = settings.devices.map((device) =>
    device.kind === 'reader' ? readTags(house, device, ways, gaps) : readCodes(house, device, gaps),
  )
  const inspection = openInspection(house)
  tellLacking(house)
  if (stores.salvaged) tellSalvaged(house, stores.salvaged)
  const line = stores.credentials && settings.broker !== null ? openLine(house, stores.credentials, county?.line) : openNoLine(house)
  parts.log.info({ node, ...ledger.head() }, 'the node was opened')
  return {
    ...{ ledger, ring, stockroom, alarms, devices, health, people, doors, line },
    close: async () => {
      await Promise.all(readers.map((reader) => reader.close()))
      for (const way of ways) way.close()
      gaps.close()
      inspection.close()
      unattended.close()
      await line.close()
      county?.close()
      alarms.close()
      health.close()
      stockroom.close()
      ring.close()
      ledger.close()
    },
  }
}

const peopleOf = ({ keepers }: Settings, { signer, log }: FlowParts) => ({
  settled: keepers,
  key: signer.key,
  note: (what: string, facts: Readonly<Record<string, unknown>>) => log.error(facts, what),
})

const deviceOf = (device: ReaderSetting | ScannerSetting) => ({
  device: device.device,
  kind: device.kind,
  address: device.address,
  door: device.kind === 'reader' ? device.door : null,
  side: device.kind === 'reader' ? device.side : null,
})

/** Steps 1 to 4: a port's bytes become frames, frames reads, reads the sightings of a door. */
const readTags = ({ parts, devices, settings }: House, setting: ReaderSetting, ways: readonly Way[], gaps: Gaps) => {
  const { device: id, address, baud, family, region, powerDbm, session = 0, door } = setting
  const way = ways.find((one) => one.door === door)
  const barriers = settings.doors.flatMap(({ door: crossed, lightBarrier }) => {
    const beyond = ways.find((one) => one.door === crossed)
    return lightBarrier?.reader === id && beyond !== undefined ? [openBarrier(parts, lightBarrier, beyond.beam)] : []
  })
  const reader = openReader(
    parts,
    {
      id,
      address,
      family,
      region,
      powerDbm,
      session,
      ports: portsOf(setting),
      inputs: inputsWanted(settings.doors, id),
      ...(baud === undefined ? {} : { baud }),
    },
    {
      told: (told) => {
        devices.heard(id, told.at)
        way?.see(told)
      },
      inputs: (told) => {
        for (const hear of barriers) hear(told)
      },
      state: devices.reader,
      gap: gaps.tell,
      // Counted by the reader and shown on the board.
      noise: () => {},
    },
  )
  devices.ask(id, reader.state, () => way?.dropped(id) ?? 0)
  return reader
}

/** The ports in use: those the settings name, else the first alone. */
const portsOf = ({ antennas }: ReaderSetting): readonly number[] =>
  antennas?.map(({ port }) => port).toSorted((one, other) => one - other) ?? [1]

/** A scanner's bytes become the text of a code, which the stockroom shows to whoever stands there. */
const readCodes = ({ parts, devices, stockroom }: House, setting: ScannerSetting, gaps: Gaps) => {
  const { device: id, kind: _kind, ...settings } = setting
  const scanner = openScanner(
    parts,
    { id, ...settings },
    {
      scan: (scan) => {
        devices.heard(id, scan.at)
        // Who scans hears at the table whether the code was read, without a look at a page.
        scanner.acknowledge(stockroom.heard({ text: scan.text, at: scan.at, scanner: id }).refused === null)
      },
      garbage: () => {},
      state: devices.scanner,
      gap: gaps.tell,
    },
  )
  devices.ask(id, scanner.state)
  return scanner
}
