import { type Database, inTransaction, type Shape, troubleOf } from '../database.ts'
import type { LabelFigures } from './labels.ts'
import type { Finding } from './standing.ts'
import type { DoorFigures } from './walks.ts'

/**
 * Figures of the devices, in a small file of their own: the ledger holds no derived figures, and the ring may be deleted to make room while what is
 * usual took weeks to learn. Deleted, it is learnt anew; a full disk only delays it.
 */
export interface HealthStore {
  readonly door: (door: string) => DoorFigures | null
  readonly label: (epc: string) => LabelFigures | null
  /** What stood when the node was last open. */
  readonly standing: () => readonly Finding[]
  /** Keeps figures; answers whether the disk took them. */
  readonly keep: (doors: ReadonlyMap<string, DoorFigures>, labels: Iterable<LabelFigures>) => boolean
  readonly begin: (finding: Finding) => void
  readonly end: (finding: Finding, endedMs: number) => void
  /** Findings that began before `before`, newest first. */
  readonly past: (before: { readonly atMs: number; readonly id: string }, limit: number) => readonly PastFinding[]
}

export interface PastFinding extends Finding {
  readonly id: string
  readonly endedMs: number | null
}

/** `LKDH`: Lotkeeper device health. */
export const HEALTH_SHAPE: Shape = {
  application: 0x4c4b4448,
  version: 1,
  schema: `
create table door (door text primary key, body text not null) strict, without rowid;
create table label (epc text primary key, at integer not null, body text not null) strict, without rowid;
create index label_by_age on label (at);
create table finding (at integer primary key, id text not null unique, since_ms integer not null, ended_ms integer, body text not null) strict;
create index finding_by_time on finding (since_ms, id);
`,
}

export const openHealthStore = (db: Database): HealthStore => {
  const sql = statementsOf(db)
  const keepUnlessFull = (write: () => void): boolean => {
    try {
      inTransaction(db, write)
      return true
    } catch (error) {
      if (troubleOf(error) === null) throw error
      return false
    }
  }
  return {
    door: (door) => parsed<DoorFigures>(sql.door.get(door)),
    label: (epc) => parsed<LabelFigures>(sql.label.get(epc)),
    standing: () => sql.standing.all().map((body) => JSON.parse(body) as Finding),
    keep: (doors, labels) =>
      keepUnlessFull(() => {
        for (const [door, figures] of doors) sql.keepDoor.run(door, JSON.stringify(figures))
        for (const label of labels) sql.keepLabel.run(label.epc, Math.round(label.atMs), JSON.stringify(label))
        sql.forgetLabels.run(LABELS_MAX)
      }),
    begin: (finding) => {
      keepUnlessFull(() => {
        sql.begin.run(idOf(finding), Math.round(finding.sinceMs), JSON.stringify(finding))
        sql.forgetFindings.run(FINDINGS_KEPT)
      })
    },
    end: (finding, endedMs) => {
      keepUnlessFull(() => void sql.end.run(Math.round(endedMs), idOf(finding)))
    },
    past: ({ atMs, id }, limit) =>
      sql.past.all(atMs, id, limit).map((row) => ({ ...(JSON.parse(row.body) as Finding), id: row.id, endedMs: row.ended_ms })),
  }
}

const idOf = ({ code, device, antenna, epc, sinceMs }: Finding): string =>
  ['finding', code, epc ?? `${device}/${antenna ?? ''}`, Math.round(sinceMs)].join(':')

const parsed = <Value>(body: string | undefined): Value | null => (body === undefined ? null : (JSON.parse(body) as Value))

/** More tags than pass a busy door in a season. */
const LABELS_MAX = 20_000
/** Years of a bad door. */
const FINDINGS_KEPT = 5_000

const statementsOf = (db: Database) => ({
  door: db.prepare<[string], string>('select body from door where door = ?').pluck(),
  label: db.prepare<[string], string>('select body from label where epc = ?').pluck(),
  standing: db.prepare<[], string>('select body from finding where ended_ms is null order by since_ms').pluck(),
  keepDoor: db.prepare<[string, string]>('insert or replace into door (door, body) values (?, ?)'),
  keepLabel: db.prepare<[string, number, string]>('insert or replace into label (epc, at, body) values (?, ?, ?)'),
  forgetLabels: db.prepare<[number]>('delete from label where at < (select at from label order by at desc limit 1 offset ?)'),
  begin: db.prepare<[string, number, string]>('insert or ignore into finding (id, since_ms, body) values (?, ?, ?)'),
  end: db.prepare<[number, string]>('update finding set ended_ms = ? where id = ? and ended_ms is null'),
  forgetFindings: db.prepare<[number]>(
    'delete from finding where ended_ms is not null and at < (select at from finding order by at desc limit 1 offset ?)',
  ),
  past: db.prepare<[number, string, number], { readonly id: string; readonly ended_ms: number | null; readonly body: string }>(
    'select id, ended_ms, body from finding where (since_ms, id) < (?, ?) order by since_ms desc, id desc limit ?',
  ),
})
