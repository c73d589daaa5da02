import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openCatalog } from '../../catalog/catalog.ts'
import { openCrypto, rawPublicKey, signerOf } from '../../crypto.ts'
import { openDatabase } from '../../database.ts'
import type { HubLedger } from '../contract.ts'
import { openLedgerHere } from '../open.ts'
import { LEDGER_FORM } from './form.ts'
import { SCHEMA_VERSION } from './schema.ts'

const home = mkdtempSync(join(tmpdir(), 'hub-form-'))
afterAll(() => rmSync(home, { recursive: true }))
const VERSION_1 = readFileSync(new URL('./fixtures/version-1.sql', import.meta.url), 'utf8')
const VERSION_2 = readFileSync(new URL('./fixtures/version-2.sql', import.meta.url), 'utf8')
const VERSION_3 = readFileSync(new URL('./fixtures/version-3.sql', import.meta.url), 'utf8')
let count = 0
let file = ''
const left = (version: number, schema: string): void => {
  count += 1
  file = join(home, `${count}.sqlite`)
  const bare = openDatabase(file, { applicationId: 0, version: 0, schema })
  // The last word of opening an empty file is its mark.
  bare.db.pragma(`application_id = ${LEDGER_FORM.applicationId}`)
  bare.db.pragma(`user_version = ${version}`)
  bare.close()
}
/** A file as the first version left it, made anew for each test. */
beforeEach(() => left(1, VERSION_1))

const opened = (): HubLedger => {
  const crypto = openCrypto()
  const key = generateKeyPairSync('ed25519').privateKey
  const facts = { epoch: '00000000000000ff', zone: 'Asia/Shanghai', software: '0.2.0', transitDueMs: 86_400_000 }
  const clock = { now: Date.now, upMs: () => 1 }
  const signer = { ...signerOf(crypto, key), publicKey: rawPublicKey(key) }
  return openLedgerHere(openDatabase(file, LEDGER_FORM), { crypto, signer, countyKey: rawPublicKey(key), ...facts, ...clock })
}
const rowsOf = async <Row>(page: Promise<{ readonly rows: readonly Row[] } | object>): Promise<readonly Row[]> => {
  const told = await page
  if (isRefusal(told) || !('rows' in told)) throw new Error(JSON.stringify(told))
  return told.rows as readonly Row[]
}

describe('a file of version 1', () => {
  it('is opened, its tables made anew from its log, and what it could not read yet is applied', async () => {
    const ledger = opened()
    expect(await ledger.audit()).toEqual([])
    const stock = await rowsOf<{ readonly lot: string; readonly place: string; readonly units: number }>(ledger.ask.stock({}))
    expect(stock.map(({ lot, place, units }) => `${lot} ${place} ${units}`)).toEqual([
      'gauze/B2509 baihe/main/available 1',
      'gauze/B2509 baihe/main/pending 4',
      'gauze/B2509 qinglong/main/available 27',
      'kit/K1 qinglong/main/available 4',
    ])
    // What the second version knows more is there for the old entries too.
    expect(await ledger.ask.genealogy({ lot: 'kit/K1' })).toMatchObject({ ancestors: [{ parent: 'gauze/B2509', depth: 1 }] })
    expect(await rowsOf(ledger.ask.counts({}))).toMatchObject([{ counted: 48, book: 50, difference: -2 }])
    expect(await ledger.ask.tag({ epc: '3074257BF7194E4000001A85' })).toMatchObject({ place: 'qinglong/main/pending', units: 50 })
    const then = await rowsOf(ledger.ask.stockAsOf({ date: '2026-10-31', by: 'true' }))
    expect(then).toMatchObject([{ place: 'qinglong/main/available', units: 50 }])
    await ledger.close()
  })

  it('keeps what was seen once and follows from no entry', async () => {
    const ledger = opened()
    const open = await rowsOf<{ readonly kind: string; readonly closedAt: string | null }>(ledger.ask.discrepancies({}))
    const kinds = open.filter(({ closedAt }) => closedAt === null).map(({ kind }) => kind)
    expect(kinds.sort()).toEqual(['count-differs', 'fork', 'place-foreign'])
    expect(await ledger.tips(['baihe>*'])).toMatchObject([{ held: 3, applied: 3 }])
    await ledger.close()
  })

  it('is signed to its end: what the hub wrote before its signatures were kept, too', async () => {
    await opened().close()
    const { db, close } = openDatabase(file, LEDGER_FORM)
    const ends = `select e.stream, e.held_seq as held, s.upto_seq as upto from epoch e
      left join batch_signature s on s.stream = e.stream and s.epoch = e.epoch and s.upto_seq = e.held_seq where e.stream like 'hub>%'`
    const found = db.prepare<[], { readonly held: number; readonly upto: number | null }>(ends).all()
    close()
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter(({ held, upto }) => upto !== held)).toEqual([])
  })

  it('is upgraded once: opened again it is as it was left', async () => {
    await opened().close()
    const again = openDatabase(file, { ...LEDGER_FORM, upgrade: () => expect.unreachable() })
    expect(again.db.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION)
    again.close()
  })

  it('stays whole when the upgrade breaks off, and is upgraded by the next start', async () => {
    const broken = {
      ...LEDGER_FORM,
      upgrade: (...at: Parameters<NonNullable<typeof LEDGER_FORM.upgrade>>) => {
        LEDGER_FORM.upgrade?.(...at)
        throw new Error('the power went')
      },
    }
    expect(() => openDatabase(file, broken)).toThrow('the power went')
    const ledger = opened()
    expect(await ledger.audit()).toEqual([])
    await ledger.close()
  })

  it('is refused by whoever does not know how to upgrade it, and left alone', () => {
    const { upgrade: _, ...unable } = LEDGER_FORM
    const code = expect.objectContaining({ code: 'database.not-ours', facts: { file, why: 'schema version 1' } })
    expect(() => openDatabase(file, unable)).toThrow(code)
    expect(() => openDatabase(file, unable)).toThrow(code)
  })
})

describe('a file of version 2', () => {
  beforeEach(() => left(2, VERSION_2))

  it('has the items of the first form among the records, each with its versions and who wrote them', async () => {
    const ledger = opened()
    expect(await ledger.audit()).toEqual([])
    const told = await ledger.ask.item({ item: 'gauze' })
    expect(told).toMatchObject({
      record: { item: 'gauze', version: 2, model: '10x10x8' },
      latest: 2,
      history: [
        { rules: true, actor: 'county', part: 0, entry: 'hub>all/eeeeeeeeeeeeeee2/4', record: { version: 2, model: '10x10x8' } },
        { rules: false, entry: 'hub>all/eeeeeeeeeeeeeee2/3', record: { version: 1, model: '10x10' } },
      ],
    })
    expect((await rowsOf<{ readonly item: string }>(ledger.ask.items({}))).map(({ item }) => item)).toEqual(['gauze', 'mask'])
    expect(await rowsOf(ledger.ask.items({ search: '6901234567892' }))).toMatchObject([{ item: 'gauze' }])
    await ledger.close()
  })

  it('is changed by records from then on, and the old act repeated says what it said', async () => {
    const ledger = opened()
    const catalog = openCatalog(ledger)
    const item = { item: 'gauze', name: { zh: '纱布', en: 'Gauze' }, unit: { zh: '包', en: 'pack' }, nearDays: [180, 30] }
    const packs = [{ gtin: '06901234567892', pack: 'case', units: 50 }]
    expect(await catalog.createItem({ action: 'old-item-1', ...item, model: '10x10', packs }, 'county')).toMatchObject({ version: 1 })
    const change = { action: 'new-item-1', ...item, model: '10x10x8', packs, class: 'I' as const, knownVersion: 2 }
    expect(await catalog.createItem(change, 'county')).toMatchObject({ version: 3, class: 'I' })
    expect(await ledger.audit()).toEqual([])
    await ledger.close()
  })

  it('has the same tables and indexes as a new one', () => {
    expect(shapeOf(file)).toEqual(shapeOf(join(home, 'fresh.sqlite')))
  })
})

describe('a file of version 3', () => {
  beforeEach(() => left(3, VERSION_3))

  it('had counted what a restored hub registered once more: made anew, the goods are where they were received', async () => {
    const ledger = opened()
    expect(await ledger.audit()).toEqual([])
    expect(await rowsOf(ledger.ask.stock({}))).toMatchObject([{ place: 'qinglong/main/pending', units: 50 }])
    const { whereIs } = (await ledger.ask.lot({ lot: 'gauze/B2509' })) as { readonly whereIs: readonly object[] }
    expect(whereIs).toMatchObject([{ units: -50 }, { place: 'qinglong/main/pending', units: 50 }])
    expect((await rowsOf<{ readonly kind: string }>(ledger.ask.movements({ limit: 9 }))).map(({ kind }) => kind)).toEqual([
      'receive',
      'tag',
    ])
    expect(await ledger.ask.tag({ epc: '3074257BF7194E4000001000' })).toMatchObject({ place: 'qinglong/main/pending', units: 50 })
    await ledger.close()
  })

  it('has the same tables and indexes as a new one', () => {
    expect(shapeOf(file)).toEqual(shapeOf(join(home, 'fresh.sqlite')))
  })
})

const shapeOf = (path: string): readonly string[] => {
  const { db, close } = openDatabase(path, LEDGER_FORM)
  const found = db.prepare(`select type, name, sql from sqlite_schema order by 1, 2`).all()
  close()
  return found.map((row) => JSON.stringify(row).replace(/main\.|\s+/g, ''))
}

describe('a file that was upgraded', () => {
  it('has the same tables and indexes as a new one', () => {
    expect(shapeOf(file)).toEqual(shapeOf(join(home, 'fresh.sqlite')))
  })
})
