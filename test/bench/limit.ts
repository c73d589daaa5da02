import { join } from 'node:path'
import { openDatabase } from '@lotkeeper/hub/database.ts'
import { type Spent, spentOn } from './spent.ts'
import type { Load } from './workload.ts'

/**
 * The limit: the same rows of the log put into the same database by the bare driver, flushed at every commit, nothing checked and nothing
 * derived.
 */
export const insertBare = (folder: string, loads: readonly Load[], entriesPerCommit: number): Spent => {
  const form = {
    applicationId: 1,
    version: 1,
    schema: `create table log (stream text not null, epoch text not null, seq integer not null, hash blob not null, received_at integer not null,
      ord integer, body text not null, primary key (stream, epoch, seq)) strict, without rowid`,
  }
  const { db, close } = openDatabase(join(folder, `limit-${entriesPerCommit}-${loads[0]?.epoch}.sqlite`), form)
  const insert = db.prepare('insert into log values (?, ?, ?, ?, ?, ?, ?)')
  const rows = interleaved(loads, entriesPerCommit)
  const spent = spentOn(rows.length)
  let ord = 0
  for (let at = 0; at < rows.length; at += entriesPerCommit) {
    db.exec('begin immediate')
    for (const { load, row } of rows.slice(at, at + entriesPerCommit)) {
      ord += 1
      insert.run(load.tip.stream, load.epoch, row.seq, row.hash, 0, ord, row.body)
    }
    db.exec('commit')
  }
  const told = spent()
  close()
  return told
}

/** How long one row in one flushed commit takes the bare driver, try by try, in ms. */
export const commitBare = (folder: string, tries: number): readonly number[] => {
  const { db, close } = openDatabase(join(folder, 'limit-one.sqlite'), {
    applicationId: 1,
    version: 1,
    schema: 'create table t (a integer) strict',
  })
  const insert = db.prepare('insert into t values (?)')
  const values = Array.from({ length: tries }, (_, at) => {
    const from = performance.now()
    insert.run(at)
    return performance.now() - from
  })
  close()
  return values
}

/** As batches of many nodes arrive: 64 of one, 64 of the next. */
const interleaved = (loads: readonly Load[], entriesPerCommit: number) => {
  const chunk = Math.min(64, entriesPerCommit)
  const chunks = Math.max(...loads.map(({ rows }) => Math.ceil(rows.length / chunk)))
  return Array.from({ length: chunks }, (_, at) =>
    loads.flatMap((load) => load.rows.slice(at * chunk, (at + 1) * chunk).map((row) => ({ load, row }))),
  ).flat()
}
