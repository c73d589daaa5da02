import { rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { DeviceView, ImportView } from '@lotkeeper/protocol/api/hub-find.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import { openDatabase } from '../database.ts'
import type { HubLedger } from '../ledger/contract.ts'
import { ranked } from './catalogue.ts'
import { openCounty } from './county.ts'
import { type FindThread, openFindThread } from './find-thread.ts'
import { DEVICE_INDEX_COUNT, REFERENCE_FORM } from './form.ts'
import { type RunningImport, runImport } from './import-thread.ts'
import { LIMITS, type Limits } from './limits.ts'
import { openRuns } from './runs.ts'
import { refusalOf, stop } from './stops.ts'
import { wishOf } from './wish.ts'

/** Everything that can be found, and the public device database it is found in. */
export interface Reference {
  /** Lots and tags of these sites; what is of no site is found by all. */
  readonly find: (query: HubQuery<'find'>, within?: SiteScope) => Promise<HubAnswer<'find'>>
  readonly device: (query: HubQuery<'device'>) => Promise<DeviceView | Refusal>
  readonly imports: () => Promise<HubAnswer<'imports'>>
  /** Takes a release as it comes in and begins to import it; one at a time. */
  readonly receive: (release: AsyncIterable<Uint8Array>, about: About) => Promise<HubAnswer<'importRelease'> | Refusal>
  readonly cancel: (run: number) => HubAnswer<'cancelImport'> | Refusal
  readonly close: () => Promise<void>
}
export interface About {
  readonly name: string
  /** Registration numbers, makers or names, one a line or with commas between: what is kept. Empty: all. */
  readonly keep: string
  readonly actor: string
}
export interface ReferenceParts {
  /** The reference's own file; what is on its way lies beside it. */
  readonly file: string
  readonly ledger: Pick<HubLedger, 'ask' | 'follow'>
  readonly now: () => number
  /** Told what broke an import. */
  readonly note: (error: unknown, where: string) => void
  readonly limits?: Limits
}

/** Nothing is opened before the first question: a hub that is asked nothing here pays nothing for it. */
export const openReference = ({ file, ledger, now, note, limits = LIMITS }: ReferenceParts): Reference => {
  const county = openCounty(ledger)
  const upload = `${file}.upload`
  let running: RunningImport | null = null
  /** A release is coming in: its place is taken before it is whole. */
  let isTaken = false
  let thread: FindThread | null = null
  const start = (release: Parameters<typeof runImport>[0]['release']) => {
    const begun = runImport({ database: file, limits, release }, (why) => note(why, 'import'))
    running = begun
    void begun.ended.then(() => {
      running = null
      rmSync(upload, { force: true })
    })
    return begun
  }
  const opened = (): FindThread => {
    if (thread) return thread
    if (prepare(file)) start(null)
    thread = openFindThread(file)
    return thread
  }
  const receive: Reference['receive'] = async (release, { name, keep, actor }) => {
    opened()
    if (isTaken || running) return refuse('reference.import-running')
    isTaken = true
    try {
      await writeUpload(upload, limited(release, limits.fileBytesMax))
      const begun = await start({ file: upload, name, keep: wishesIn(keep), actor }).begun
      return isRefusal(begun) ? begun : { import: begun ?? 0 }
    } catch (cause) {
      if (!running) rmSync(upload, { force: true })
      // Whoever hung up in the middle hears nothing any more; for the log it is a file that was cut short.
      const refusal = hasHungUp(cause) ? refuse('reference.zip-truncated') : refusalOf(cause)
      if (refusal) return refusal
      throw cause
    } finally {
      isTaken = false
    }
  }
  return {
    receive,
    find: async ({ text, limit = FOUND_ROWS }, within = 'all') => {
      const wish = wishOf(text, new Date(now()).getUTCFullYear())
      const beside = county.lotsAndTags(wish, within)
      const found = await opened().ask({ word: 'find', wish, limit, catalogue: await county.changed() })
      const rows = ranked([...(await beside), ...(found as HubAnswer<'find'>['rows'])]).slice(0, limit)
      const { codes, lot, serial, expiry } = wish
      return { rows: [...rows], scan: codes.length === 0 && lot === null ? null : { codes: [...codes], lot, serial, expiry } }
    },
    device: async ({ di }) => {
      const device = (await opened().ask({ word: 'device', di })) as DeviceView | null
      return device ?? refuse('api.not-found')
    },
    imports: async () => {
      const rows = (await opened().ask({ word: 'imports' })) as readonly ImportView[]
      return { rows: rows.map((row) => withProgress(row, running)) }
    },
    cancel: (run) => {
      if (running?.progress()?.import !== run) return refuse('reference.import-unknown', { import: run })
      running.ask('cancel')
      return { import: run }
    },
    close: async () => {
      county.close()
      running?.ask('end')
      await running?.ended
      await thread?.close()
    },
  }
}

const FOUND_ROWS = 20

/** Makes the file when there is none, and says of what a dead process left running that it broke. `true`: there is something to make findable. */
const prepare = (file: string): boolean => {
  rmSync(`${file}.upload`, { force: true })
  const { db, close } = openDatabase(file, REFERENCE_FORM)
  try {
    openRuns(db, Date.now).broken(refuse('reference.import-failed', { why: 'the process ended' }))
    const unindexed =
      db.prepare(`select (select coalesce(max(id), 0) from term) > value from mark where key = 'indexed'`).pluck().get() === 1
    const indexes = db.prepare(`select count(*) from sqlite_schema where name glob 'device_by_*'`).pluck().get()
    return unindexed || indexes !== DEVICE_INDEX_COUNT
  } finally {
    close()
  }
}

const withProgress = (row: ImportView, running: RunningImport | null): ImportView => {
  const progress = running?.progress()
  if (row.state !== 'running' || progress?.import !== row.import) return row
  return { ...row, phase: progress.phase, bytesRead: progress.bytesRead, counts: progress.counts }
}

const hasHungUp = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && cause.code === 'ECONNRESET'

const wishesIn = (keep: string): readonly string[] =>
  keep
    .split(/[\n,;，；、]/)
    .map((wish) => wish.trim())
    .filter((wish) => wish !== '')

/** One stretch after another is on its way to the disk, so that a fast sender fills no memory. */
const writeUpload = async (file: string, bytes: AsyncIterable<Uint8Array>): Promise<void> => {
  await using opened = await open(file, 'w')
  for await (const chunk of bytes) await opened.writeFile(chunk)
}

const limited = async function* (bytes: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Uint8Array, void, void> {
  let came = 0
  for await (const chunk of bytes) {
    came += chunk.length
    if (came > bytesMax) throw stop('reference.file-too-large', { limit: bytesMax })
    yield chunk
  }
}
