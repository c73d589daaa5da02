import type { DeviceView } from '@lotkeeper/protocol/api/node.ts'
import type { MaintenanceBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import { isMaintenanceWork, MAINTENANCE } from '@lotkeeper/protocol/rules/maintenance.ts'
import { closeDatabase, type Database } from '../database.ts'
import type { EdgeLedger } from '../ledger/contract.ts'
import type { EdgeParts } from '../parts.ts'
import { judgeComplaints } from './complaints.ts'
import type { Devices } from './devices.ts'
import { type Judged, judgeDoor } from './judge.ts'
import { judgeLabels, openLabels } from './labels.ts'
import { openCounted } from './noise.ts'
import { type DevicePast, pastOf } from './past.ts'
import { antennaViews } from './shown.ts'
import { type Finding, stand } from './standing.ts'
import { openHealthStore } from './store.ts'
import {
  beginAnew,
  type Crossing,
  type DoorAntenna,
  type DoorFigures,
  endWalk,
  isWalkOver,
  learnCrossing,
  learnVisit,
  NO_FIGURES,
} from './walks.ts'
import { findingView } from './words.ts'

/** How the readers, antennas and labels of the node do, by what they hear: learnt, kept over a restart, judged now and then, and said in words. */
export interface Health {
  /** An antenna, `reader:port`, heard some tag; steady clock. */
  readonly heard: (antenna: string, atMs: number) => void
  /** A passage of a door was settled. */
  readonly crossed: (door: string, crossing: Omit<Crossing, 'away'>) => void
  /** A tag was before a door and left without a passage. */
  readonly left: (door: string, visit: Omit<Crossing, 'away' | 'says'>) => void
  /** Where the tags that stay before a reader are known: when each was last heard, steady clock. */
  readonly residents: (door: string, ask: (reader: string) => readonly number[]) => void
  readonly of: (device: string) => Pick<DeviceView, 'antennas' | 'findings'>
  /** What happened to the devices, newest first. */
  readonly past: DevicePast
  /** Keeps what was learnt. */
  readonly close: () => void
}

export interface HealthPlan {
  /** The antennas of each door. */
  readonly doors: ReadonlyMap<string, readonly DoorAntenna[]>
}

export const openHealth = (parts: HealthParts, db: Database, { doors }: HealthPlan): Health => {
  const { clock, timers, ledger, devices } = parts
  const store = openHealthStore(db)
  const figures = new Map([...doors.keys()].map((door) => [door, store.door(door) ?? NO_FIGURES]))
  const labels = openLabels(store.label)
  const residents = new Map<string, (reader: string) => readonly number[]>()
  const heardAt = new Map<string, number>()
  const counted = openCounted()
  const dirty = new Set<string>()
  let standing: readonly Finding[] = store.standing().filter(({ device }) => devices.rows().some((row) => row.device === device))
  let keptMs = clock.monotonic()
  const wallOf = (steadyMs: number) => clock.now() - (clock.monotonic() - steadyMs)
  const heardAtMs = (antenna: string) => {
    const at = heardAt.get(antenna)
    return at === undefined ? null : wallOf(at)
  }
  const learn = (door: string, after: { readonly figures: DoorFigures; readonly ended: readonly Crossing[] }) => {
    figures.set(door, after.figures)
    dirty.add(door)
    if (after.ended.length > 0) labels.learn(after.ended)
  }
  const away = () => devices.rows().flatMap(({ device, state }) => (state === 'reading' ? [] : [device]))
  const judge = (): readonly Judged[] => {
    const rows = devices.rows()
    const seen = {
      nowMs: clock.now(),
      heardAtMs,
      reads: (reader: string) => rows.some((row) => row.device === reader && row.state === 'reading'),
    }
    const found = [...doors].flatMap(([door, antennas]) =>
      judgeDoor(figures.get(door) ?? NO_FIGURES, antennas, {
        ...seen,
        residents: (reader) => (residents.get(door)?.(reader) ?? []).map(wallOf),
      }),
    )
    const first = [...doors.values()][0]?.[0]?.reader ?? ''
    const isRetired = ({ epc }: Judged) => epc !== null && ledger.read.tag(epc)?.retired != null
    const tags = judgeLabels(labels.learnt(), first).filter((one) => !isRetired(one))
    const complaints = devices.readers().flatMap((state) => judgeComplaints(state, standing))
    return [...found, ...counted(rows, clock.monotonic()), ...complaints, ...tags, ...relabelled(standing, ledger)]
  }
  const keep = () => {
    if (dirty.size === 0 && labels.dirty().length === 0) return
    const doorsKept = new Map([...dirty].map((door) => [door, figures.get(door) ?? NO_FIGURES]))
    if (!store.keep(doorsKept, labels.dirty())) return
    dirty.clear()
    labels.kept()
  }
  const look = () => {
    for (const [door, antennas] of doors) {
      const now = figures.get(door) ?? NO_FIGURES
      if (isWalkOver(now, clock.now())) learn(door, endWalk(now, antennas))
    }
    const stood = stand(standing, judge(), clock.now())
    standing = stood.standing
    for (const finding of stood.begun) store.begin(finding)
    for (const finding of stood.ended) store.end(finding, clock.now())
    if (stood.begun.length + stood.ended.length > 0) tell()
    if (clock.monotonic() - keptMs < KEEP_EVERY_MS) return
    keptMs = clock.monotonic()
    keep()
  }
  const worked = ({ device, antenna, what }: MaintenanceBody, atMs: number) => {
    const renews = isMaintenanceWork(what) ? MAINTENANCE[what].renews : 'none'
    for (const [door, antennas] of doors) {
      const touched = antennas.filter((one) => isTouched(one, { device, antenna: renews === 'antenna' ? antenna : null }))
      if (renews === 'none' || touched.length === 0) continue
      const before = figures.get(door) ?? NO_FIGURES
      // A port on which nothing ever hung has nothing to begin anew, and must not be waited for.
      const all = (renews === 'door' ? antennas : touched).filter((one) => before.antennas[one.antenna] !== undefined)
      if (all.every((one) => (before.antennas[one.antenna]?.begunAtMs ?? 0) >= atMs)) continue
      figures.set(door, beginAnew(before, all, atMs))
      dirty.add(door)
    }
  }
  const leave = ledger.follow(({ entries }) => {
    const works = entries.filter(({ entry, own }) => own && entry.kind === 'maintenance')
    for (const { entry } of works) worked(entry.body as MaintenanceBody, Date.parse(entry.occurredAt))
    if (works.length > 0) look()
  })
  let cancel = () => {}
  const again = () => {
    cancel = timers.after(LOOK_MS, () => {
      look()
      again()
    })
  }
  again()
  const of = (device: string) => ({
    antennas: [...doors].flatMap(([door, antennas]) => antennaViews(figures.get(door) ?? NO_FIGURES, { antennas, device, heardAtMs })),
    findings: standing.filter((one) => one.device === device).map((one) => findingView(one, ledger.read)),
  })
  const tell = devices.judgedBy(of)
  // What was recorded while the figures were not kept, as before a power cut.
  for (const { entry, atMs } of ledger.read.deviceEntries(NEWEST, WORKS_REPLAYED).toReversed())
    if (entry.kind === 'maintenance') worked(entry.body as MaintenanceBody, atMs)
  return {
    heard: (antenna, atMs) => void heardAt.set(antenna, atMs),
    left: (door, visit) => {
      const before = figures.get(door) ?? NO_FIGURES
      const after = learnVisit(before, doors.get(door) ?? [], { ...visit, away: away() })
      if (after !== before) learn(door, { figures: after, ended: [] })
    },
    crossed: (door, crossing) => {
      const antennas = doors.get(door)
      if (antennas === undefined) return
      learn(door, learnCrossing(figures.get(door) ?? NO_FIGURES, antennas, { ...crossing, away: away() }))
    },
    residents: (door, ask) => void residents.set(door, ask),
    of,
    past: pastOf(ledger.read, store),
    close: () => {
      cancel()
      leave()
      keep()
      closeDatabase(db)
    },
  }
}

export interface HealthParts extends Pick<EdgeParts, 'clock' | 'timers'> {
  readonly ledger: Pick<EdgeLedger, 'read' | 'follow'>
  readonly devices: Pick<Devices, 'rows' | 'readers' | 'judgedBy'>
}

/** A dying tag that was replaced is settled. */
const relabelled = (standing: readonly Finding[], ledger: Pick<EdgeLedger, 'read'>): readonly Judged[] =>
  standing.flatMap((one) => (one.epc !== null && ledger.read.tag(one.epc)?.retired ? [{ ...one, is: 'not' as const }] : []))

const isTouched = (one: DoorAntenna, { device, antenna }: { readonly device: string; readonly antenna: number | null }): boolean =>
  one.reader === device && (antenna === null || one.port === antenna)

const NEWEST = { atMs: Number.MAX_SAFE_INTEGER, id: '' }
/** Works older than these were learnt long ago. */
const WORKS_REPLAYED = 50
/** How often the figures are judged; a keeper walks slower. */
const LOOK_MS = 20_000
/** Writing wears the card; a power cut costs ten minutes of a month of learning. */
const KEEP_EVERY_MS = 600_000
