import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCrypto, rawPublicKey, signerOf } from '../../crypto.ts'
import { type Database, openDatabase } from '../../database.ts'
import type { HubLedger } from '../contract.ts'
import { openLedgerHere } from '../open.ts'
import { openLedgerThread } from '../thread.ts'
import { LEDGER_FORM } from './form.ts'
import { SCHEMA_VERSION } from './schema.ts'

const VERSION_1 = readFileSync(new URL('./fixtures/version-1.sql', import.meta.url), 'utf8')
const FACTS = { epoch: '00000000000000ff', zone: 'Asia/Shanghai', software: '0.2.0', transitDueMs: 86_400_000 }
const KEY = generateKeyPairSync('ed25519').privateKey
let home = ''
let file = ''
/** A hub's file with a few entries in it, whole and closed. */
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'hub-damaged-'))
  file = join(home, 'hub.sqlite')
  const bare = openDatabase(file, { applicationId: 0, version: 0, schema: VERSION_1 })
  bare.db.pragma(`application_id = ${LEDGER_FORM.applicationId}`)
  bare.db.pragma('user_version = 1')
  bare.close()
  await opened().close()
})
afterEach(() => rmSync(home, { recursive: true }))

const opened = (): HubLedger => {
  const crypto = openCrypto()
  const signer = { ...signerOf(crypto, KEY), publicKey: rawPublicKey(KEY) }
  const clock = { now: Date.now, upMs: () => 1 }
  return openLedgerHere(openDatabase(file, LEDGER_FORM), { crypto, signer, countyKey: rawPublicKey(KEY), ...FACTS, ...clock })
}
const onFile = <Answer>(look: (db: Database) => Answer): Answer => {
  const { db, close } = openDatabase(file, LEDGER_FORM)
  const answer = look(db)
  close()
  return answer
}
/** What a table lies in is noise from now on. */
const spoil = (table: string): void => {
  const page = onFile((db) => Number(db.prepare('select rootpage from sqlite_schema where name = ?').pluck().get(table)))
  const bytes = readFileSync(file)
  bytes.fill(0xff, (page - 1) * 4_096, page * 4_096)
  writeFileSync(file, bytes)
}
const FAILED = expect.objectContaining({
  code: 'database.failed',
  facts: { file: expect.stringContaining('hub.sqlite'), code: 'SQLITE_CORRUPT' },
})

describe('a page that is noise', () => {
  it('is a named fault when the ledger opens on it, here and in its thread, and the file is let go of', async () => {
    spoil('epoch')
    expect(opened).toThrow(FAILED)
    const options = { file, mbMax: null, countyKey: rawPublicKey(KEY), signingKey: KEY, ...FACTS }
    await expect(openLedgerThread(options, () => {})).rejects.toEqual(FAILED)
    expect(opened).toThrow(FAILED)
  })

  it('is a named fault when somebody asks for what stands there, and to whoever compares the books', async () => {
    spoil('flow')
    const ledger = opened()
    await expect(ledger.audit()).rejects.toEqual(FAILED)
    await expect(ledger.rebuild()).rejects.toEqual(FAILED)
    await ledger.close()
  })
})

describe('a text that the medium changed', () => {
  it.for([
    ['is no JSON any more', `'{' || body`, /^qinglong>.*\/3: its text is damaged$/],
    ['is no entry any more', `replace(body, '"occurredAt"', '"occurredBt"')`, /^qinglong>.*\/3: its text is damaged$/],
    ['is another entry', `replace(body, '"units":', '"units":9')`, /^qinglong>.*\/3: its text is damaged$/],
  ] as const)('%s: the comparison of the books names it, and a fold takes nothing from it', async ([_, body, names]) => {
    onFile((db) => db.exec(`update log set body = ${body} where stream = 'qinglong>*' and seq = 3`))
    const ledger = opened()
    const before = await ledger.ask.stock({})
    expect(await ledger.audit()).toContainEqual(expect.stringMatching(names))
    await expect(ledger.rebuild()).rejects.toThrow()
    expect(await ledger.ask.stock({})).toEqual(before)
    await ledger.close()
  })

  it.for([
    ['is no JSON any more', `'{' || body`],
    ['is another entry', `replace(body, '"units":', '"units":9')`],
  ] as const)('%s: an upgrade takes it for a hole that is named and asked for, and counts nothing of it', async ([_, body]) => {
    const before = await opened()
    const [whole] = await before.tips(['qinglong>*'])
    await before.close()
    onFile((db) =>
      db.exec(`update log set body = ${body} where stream = 'qinglong>*' and seq = 3; pragma user_version = ${SCHEMA_VERSION - 1}`),
    )
    const ledger = opened()
    const [tip] = await ledger.tips(['qinglong>*'])
    expect([tip?.held, tip?.applied, tip?.holes?.map(({ seq }) => seq)]).toEqual([whole?.held, whole?.applied, [3]])
    expect(await openHoles(ledger)).toMatchObject([{ kind: 'hole', site: 'qinglong', entry: expect.stringMatching(/\/3$/) }])
    expect(await ledger.audit()).toEqual([])
    await ledger.rebuild()
    await ledger.close()
  })

  it('beside which only the hash is damaged: an upgrade writes that anew and loses nothing', async () => {
    const before = await opened()
    const stock = await before.ask.stock({})
    await before.close()
    onFile((db) =>
      db.exec(`update log set hash = zeroblob(32) where stream = 'qinglong>*' and seq = 3; pragma user_version = ${SCHEMA_VERSION - 1}`),
    )
    const ledger = opened()
    expect([await ledger.ask.stock({}), await openHoles(ledger), await ledger.audit()]).toEqual([stock, [], []])
    await ledger.close()
  })
})

const openHoles = async (ledger: HubLedger) => {
  const page = await ledger.ask.discrepancies({})
  if (isRefusal(page)) throw new Error(page.en)
  return page.rows.filter(({ kind, closedAt }) => kind === 'hole' && closedAt === null)
}
