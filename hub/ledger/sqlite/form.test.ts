import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openCrypto, rawPublicKey, signerOf } from '../../crypto.ts'
import { openDatabase } from '../../database.ts'
import type { HubLedger } from '../contract.ts'
import { openLedgerHere } from '../open.ts'
import { LEDGER_FORM } from './form.ts'

const home = mkdtempSync(join(tmpdir(), 'hub-form-'))
afterAll(() => rmSync(home, { recursive: true }))
const VERSION_1 = readFileSync(new URL('./fixtures/version-1.sql', import.meta.url), 'utf8')
let count = 0
let file = ''
/** A file as the first version left it, made anew for each test. */
beforeEach(() => {
  count += 1
  file = join(home, `${count}.sqlite`)
  const bare = openDatabase(file, { applicationId: 0, version: 0, schema: VERSION_1 })
  // The last word of opening an empty file is its mark.
  bare.db.pragma(`application_id = ${LEDGER_FORM.applicationId}`)
  bare.db.pragma('user_version = 1')
  bare.close()
})

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
    expect(again.db.pragma('user_version', { simple: true })).toBe(2)
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

describe('a file that was upgraded', () => {
  it('has the same tables and indexes as a new one', () => {
    const shape = (path: string) => {
      const { db, close } = openDatabase(path, LEDGER_FORM)
      const found = db.prepare(`select type, name, sql from sqlite_schema order by 1, 2`).all()
      close()
      return found
    }
    const fresh = shape(join(home, 'fresh.sqlite')) as { readonly sql: string | null }[]
    const plain = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row).replace(/main\.|\s+/g, ''))
    expect(plain(shape(file))).toEqual(plain(fresh))
  })
})
