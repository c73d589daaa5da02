import type { Database } from '@lotkeeper/hub/database.ts'
import type { World } from '../world.ts'
import type { Fault } from './fault.ts'

/** Disks without a byte left, at the hub and at nodes, and room made again later. */
export const DISKS = {
  'hub-disk-full': {
    rate: 0.006,
    most: 2,
    strike: (world) => {
      const { hub, records, later, draw } = world
      if (!hub.isUp()) return false
      fill(hub.db())
      records.allow('disk-full', null)
      later(draw() * 25, () => void (hub.isUp() && empty(hub.db())))
      return true
    },
  },
  'node-disk-full': {
    rate: 0.01,
    most: 4,
    strike: ({ pick, nodes, later, draw }) => {
      const machine = pick(nodes.filter((run) => run.isUp()))
      if (!machine) return false
      fill(machine.db())
      later(draw() * 25, () => void (machine.isUp() && empty(machine.db())))
      return true
    },
  },
} as const satisfies Record<string, Fault>

/** Makes room on every disk. */
export const emptyDisks = ({ hub, nodes, copies }: Pick<World, 'hub' | 'nodes' | 'copies'>): void => {
  const former = hub.former()?.opened.db
  for (const db of [hub.db(), ...(former ? [former] : []), ...[...nodes, ...copies].map((machine) => machine.db())]) empty(db)
}

/** Whether the hub's disk has no room, or had none at some moment since then: one word that fits is no proof of room for another. */
export const ranFull = async ({ ledger, db }: World['hub'], sinceMs: number): Promise<boolean> => {
  if ((await ledger().storage()).state === 'full') return true
  const named = db().prepare<[number], number>(`select count(*) from discrepancy where kind = 'disk-full' and opened_at >= ?`).pluck()
  return (named.get(sinceMs) ?? 0) > 0
}

/** Takes every page the file may still grow by, the freed ones too. */
const fill = (db: Database): void => {
  // Where not even the table finds room the disk is full as it is.
  if (!fits(() => db.exec('create table if not exists filler (b blob)'))) return
  const put = db.prepare('insert into filler values (zeroblob(?))')
  for (let bytes = 1_048_576; bytes >= 512; bytes /= 2) while (fits(() => put.run(bytes)));
}

const empty = (db: Database): void => void db.exec('drop table if exists filler')

const fits = (write: () => unknown): boolean => {
  try {
    write()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_FULL') return false
    throw error
  }
}
