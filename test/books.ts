import { join } from 'node:path'
import type { County } from '@lotkeeper/deploy/county/county.ts'
import { copyDatabase } from '@lotkeeper/deploy/verbs/verify-copy.ts'
import { verifyFile } from '@lotkeeper/deploy/verbs/verify-file.ts'
import { openDatabase as openNodeDatabase, readDatabase as readNodeDatabase } from '@lotkeeper/edge/database.ts'
import { openEdgeLedger } from '@lotkeeper/edge/ledger/ledger.ts'
import { LEDGER_SHAPE } from '@lotkeeper/edge/ledger/schema.ts'
import { type Database, openDatabase as openHubDatabase, readDatabase as readHubDatabase } from '@lotkeeper/hub/database.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '@lotkeeper/hub/ledger/sqlite/schema.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { STREAM_TO_ALL, streamOfNode, streamToNode } from '@lotkeeper/protocol/names.ts'
import { type TestCounty, until } from './county.ts'
import { testParts, testSigner } from './parts.ts'

/**
 * Waits until the hub holds all that the running nodes have booked, then reads the files of hub and nodes as they lie on the disk and names
 * every breach: a chain, a signature or a sum that is wrong, projections that a refold gives otherwise, entries that only one side has, an act
 * booked twice, anything refused or quarantined, a place whose units differ. Empty: the books are true.
 */
export const breachesOf = async (county: County): Promise<readonly string[]> => {
  await untilHeld(county)
  await untilNodesHold(county)
  const breaches = [...verified(county, 'hub'), ...(await audited(county)), ...refused(county)]
  for (const { node } of county.townships) breaches.push(...verified(county, node), ...rebuilt(county, node), ...apart(county, node))
  return breaches
}

/** What the houses logged as an error: that a person must act. In a journey nobody has to. */
export const errorsOf = (county: TestCounty): readonly string[] =>
  ['hub', ...county.townships.map(({ node }) => node)].flatMap((house) =>
    county.logOf(house).flatMap((line) => (/"level":(50|60)\b/.test(line) ? [`${house}: ${line.slice(0, 400)}`] : [])),
  )

/** Waits until the hub says that it holds every entry of every node. */
export const untilHeld = async (county: County, withinMs?: number): Promise<void> => {
  for (const town of county.townships)
    await until(
      `the hub to hold every entry of ${town.node}`,
      async () => (await (await town.client()).get('state')).link,
      ({ state, waiting }) => state === 'online' && waiting === 0,
      withinMs === undefined ? {} : { withinMs },
    )
}

/** Waits until every node holds what the hub has written to it, or to all: a directive may still be on its way down. */
const untilNodesHold = async (county: County): Promise<void> => {
  for (const { node } of county.townships)
    await until(
      `${node} to hold every entry of the hub`,
      () =>
        [streamToNode(node), STREAM_TO_ALL].map(
          (stream) => entriesOf(county, 'hub', stream).length - entriesOf(county, node, stream).length,
        ),
      (behind) => behind.every((count) => count === 0),
    )
}

/** An entry as it lies in a ledger file, with the hash it got there. */
export interface HeldEntry extends Entry {
  readonly id: string
  readonly hash: string
}

/** Entries of a stream as they lie in the file of a house: in the order of their epochs' beginning, then of their numbers. */
export const entriesOf = (county: County, house: string, stream = streamOfNode(house)): readonly HeldEntry[] =>
  reading(county, house, (db) =>
    db
      .prepare<[string], { readonly hash: Uint8Array; readonly body: string }>(
        'select log.hash, log.body from log join epoch using (stream, epoch) where stream = ? order by epoch.ord, log.seq',
      )
      .all(stream)
      .map(({ hash, body }) => {
        const entry = JSON.parse(body) as Entry
        return { ...entry, id: `${entry.stream}/${entry.epoch}/${entry.seq}`, hash: hexOf(hash) }
      }),
  )

const HUB_FORM = { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA }
const fileOf = (county: County, house: string): string => join(county.home, house, house === 'hub' ? 'hub.sqlite' : 'node.sqlite')

/** The owner of a node's file lets nobody in, so what is read is a copy. */
const copyOf = (county: County, house: string) => {
  const copy = copyDatabase(fileOf(county, house))
  if (copy === null) throw new Error(`${house} writes faster than its file can be copied`)
  return copy
}

const reading = <Answer>(county: County, house: string, read: (db: Database) => Answer): Answer => {
  using copy = copyOf(county, house)
  const db = house === 'hub' ? readHubDatabase(copy.path, HUB_FORM) : readNodeDatabase(copy.path, LEDGER_SHAPE)
  try {
    return read(db)
  } finally {
    db.close()
  }
}

const verified = (county: County, house: string): readonly string[] => {
  const told = verifyFile(fileOf(county, house))
  if ('unreadable' in told) return [`${house}: ${told.unreadable.en}`]
  const { findings, unproved, entries } = told.verdict
  return [
    ...findings.map(({ code, where, detail }) => `${house}: ${code} at ${where}: ${detail}`),
    ...(unproved > 0 || !told.countyKey ? [`${house}: ${unproved} signatures are not proved`] : []),
    ...(entries === 0 ? [`${house}: the log is empty`] : []),
  ]
}

/** Every projection of the hub against a refold of its log. */
const audited = async (county: County): Promise<readonly string[]> => {
  using copy = copyOf(county, 'hub')
  const signer = testSigner()
  const ledger = openLedgerHere(openHubDatabase(copy.path, HUB_FORM), {
    ...{ crypto: testParts, signer, countyKey: signer.publicKey, epoch: 'f'.repeat(16), now: Date.now, upMs: () => 0 },
    ...{ zone: 'Asia/Shanghai', software: 'test', transitDueMs: 86_400_000 },
  })
  try {
    return (await ledger.audit()).map((finding) => `hub: ${finding}`)
  } finally {
    await ledger.close()
  }
}

/** Every projection of a node against a refold of its log. */
const rebuilt = (county: County, node: string): readonly string[] => {
  using copy = copyOf(county, node)
  const random = { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)), fraction: () => 0 }
  const parts = { crypto: testParts, clock: { now: Date.now, monotonic: () => 0 }, random, signer: testSigner() }
  const db = openNodeDatabase(copy.path, LEDGER_SHAPE, { synchronous: 'NORMAL', walPages: 0 })
  const ledger = openEdgeLedger(db, { ...parts, boot: { id: 'test', upMs: () => 0 } }, { node, zone: 'Asia/Shanghai', software: 'test' })
  try {
    return ledger.rebuild().map((table) => `${node}: a refold gives another ${table}`)
  } finally {
    ledger.close()
  }
}

const refused = (county: County): readonly string[] =>
  reading(county, 'hub', (db) =>
    ['refused', 'quarantine'].flatMap((table) =>
      db
        .prepare<[], { readonly code: string }>(`select code from ${table}`)
        .all()
        .map(({ code }) => `hub: ${table}: ${code}`),
    ),
  )

/** Where the files of a node and of the hub do not say the same. */
const apart = (county: County, node: string): readonly string[] => {
  const streams = [streamOfNode(node), streamToNode(node), STREAM_TO_ALL]
  const own = entriesOf(county, node)
  const acts = own.map(({ action, part }) => `${action} part ${part}`)
  const twice = acts.filter((act, at) => acts.indexOf(act) !== at)
  return [
    ...streams.flatMap((stream) =>
      oneSided(linesOf(entriesOf(county, node, stream)), linesOf(entriesOf(county, 'hub', stream)), `${node} and the hub`),
    ),
    ...twice.map((act) => `${node}: booked twice: ${act}`),
    ...oneSided(unitsAt(county, node, node), unitsAt(county, 'hub', node), `${node} and the hub`),
  ]
}

const linesOf = (entries: readonly HeldEntry[]): readonly string[] => entries.map(({ id, hash, kind }) => `${id} ${kind} ${hash}`)

const unitsAt = (county: County, house: string, site: string): readonly string[] =>
  reading(county, house, (db) =>
    db
      .prepare<[string], string>(`select place || ' ' || lot || ' ' || units from position where place like ? and units <> 0`)
      .pluck()
      .all(`${site}/%`),
  )

const oneSided = (here: readonly string[], there: readonly string[], names: string): readonly string[] => [
  ...here.filter((line) => !there.includes(line)).map((line) => `${names}: only the first has ${line}`),
  ...there.filter((line) => !here.includes(line)).map((line) => `${names}: only the second has ${line}`),
]
