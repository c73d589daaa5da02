import { readFileSync } from 'node:fs'
import { openDatabase } from '@lotkeeper/hub/database.ts'
import type { Device } from '@lotkeeper/hub/reference/device.ts'
import { REFERENCE_FORM } from '@lotkeeper/hub/reference/form.ts'
import { runImport } from '@lotkeeper/hub/reference/import-thread.ts'
import { LIMITS } from '@lotkeeper/hub/reference/limits.ts'
import { readRelease } from '@lotkeeper/hub/reference/reading.ts'

/**
 * One import, or one half of it alone, in a process of its own, so that its memory is its own: `import <zip> <database>`, `read <zip>` (unpack
 * and read), `insert <zip> <database>` (the same rows into one table without an index). Says one line of JSON when it is done.
 */
const main = async ([what = '', zip = '', database = '']: readonly string[]): Promise<void> => {
  const work = { import: importAll, read: readAll, insert: insertAll }[what]
  if (!work) throw new Error(`no such work: ${what}`)
  const [from, usedBefore] = [performance.now(), process.cpuUsage()]
  const beside = await work(zip, database)
  const used = process.cpuUsage(usedBefore)
  const ms = performance.now() - from - beside.asideMs
  const peakMb = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
  process.stdout.write(`${JSON.stringify({ ms, cpuMs: (used.user + used.system) / 1000, peakMb })}\n`)
}

interface Beside {
  /** Time that is not the work's own. */
  readonly asideMs: number
}

const importAll = async (file: string, database: string): Promise<Beside> => {
  const release = { file, name: 'release.zip', keep: [], actor: 'bench' }
  const run = runImport({ database, limits: LIMITS, release }, (why) => {
    throw why
  })
  await run.ended
  return { asideMs: 0 }
}

const readAll = async (file: string): Promise<Beside> => {
  for await (const _ of readRelease({ file, partsDone: 0, keep: [], limits: LIMITS }));
  return { asideMs: 0 }
}

/** Rows of the first stretches, over and over: what reading costs is counted apart. */
const insertAll = async (file: string, database: string): Promise<Beside> => {
  const from = performance.now()
  const devices: Device[] = []
  for await (const batch of readRelease({ file, partsDone: 0, keep: [], limits: LIMITS })) devices.push(...batch.devices)
  const { db, close } = openDatabase(database, REFERENCE_FORM)
  db.exec('create table bare (di text, version integer, name text, trade text, maker text, certificate text, model text, rest text) strict')
  const insert = db.prepare('insert into bare values (?, ?, ?, ?, ?, ?, ?, ?)')
  const asideMs = performance.now() - from
  for (let at = 0; at < devices.length; at += 10_000)
    db.transaction(() => {
      for (const { di, version, name, trade, maker, certificate, model, rest } of devices.slice(at, at + 10_000))
        insert.run(di, version, name, trade, maker, certificate, model, rest)
    }).immediate()
  const ended = performance.now()
  close()
  return { asideMs: asideMs + (performance.now() - ended) }
}

await main(process.argv.slice(2))
