import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { base64urlOf } from '@lotkeeper/protocol/bytes.ts'
import { signedHead } from '@lotkeeper/protocol/ledger/chain.ts'
import type { BatchReading } from '@lotkeeper/protocol/ledger/stream.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCounty } from '../catalog/fixtures/county.ts'
import { openCrypto, rawPublicKey, signerOf } from '../crypto.ts'
import type { HubLedger } from '../ledger/contract.ts'
import { type HubKeys, openKeys } from './keys.ts'
import { HAND_OVER_MS, openStanding } from './standing.ts'

const crypto = openCrypto()
const NOW = Date.parse('2026-11-22T00:00:00.000Z')
let home = ''
let keys: HubKeys
let county: ReturnType<typeof openCounty>
const told: number[] = []
/** Runs what waits for the hand-over, after a look at what is sealed until then. */
const due: (() => void)[] = []
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'standing-'))
  keys = await openKeys(home, crypto, [], NOW)
  county = openCounty({ signer: keys.identity.now().signer, countyKey: keys.county.publicKey })
  told.length = 0
  due.length = 0
})
afterEach(async () => {
  await county.close()
  rmSync(home, { recursive: true })
})

const open = (ledger: HubLedger = county.ledger) =>
  openStanding({
    parts: {
      crypto,
      clock: { now: () => NOW, monotonic: () => 0 },
      timers: {
        after: (ms, run) => {
          expect(ms).toBe(HAND_OVER_MS)
          due.push(run)
          return () => {}
        },
      },
    },
    identity: keys.identity,
    ledger,
    told: () => told.push(keys.identity.now().serial),
  })
const sealOf = async (): Promise<BatchReading> => {
  const [tip] = await county.ledger.tips(['hub>all'])
  const batch = tip && (await county.ledger.batch({ stream: 'hub>all', epoch: tip.epoch, from: 1, upto: tip.held }))
  if (!batch) throw new Error('the hub said nothing')
  return batch
}
const kindsOf = (batch: BatchReading) => batch.entries.map((text) => (JSON.parse(text) as { readonly kind: string }).kind)

test('a new key: its certificate goes out under the old one, then the new one seals, and the act is done once', async () => {
  const standing = open()
  await standing.open()
  const old = keys.identity.now().signer
  const turned = standing.rotateHubKey({ action: 'turn-1', reason: 'yearly' }, 'county')
  await expect.poll(() => due.length).toBe(1)
  const before = await sealOf()
  expect([before.key, kindsOf(before), told]).toEqual([old.key, ['epoch', 'certificate'], []])
  for (const run of due.splice(0)) run()
  const answer = await turned
  const next = keys.identity.now()
  expect(answer).toEqual({ key: next.signer.key, serial: 2, incarnation: 1 })
  expect(next.signer.key).not.toBe(old.key)
  const after = await sealOf()
  expect([after.key, told]).toEqual([next.signer.key, [2]])
  expect(crypto.verify(next.signer.publicKey, signedHead(crypto, after), after.signature)).toBe(true)
  expect(await standing.rotateHubKey({ action: 'turn-1', reason: 'yearly' }, 'county')).toEqual(answer)
  expect(kindsOf(await sealOf())).toEqual(['epoch', 'certificate'])
})

test('a number that rises while a key turns is not brought back by the key', async () => {
  const standing = open()
  await standing.open()
  const turned = standing.rotateHubKey({ action: 'turn-1', reason: 'yearly' }, 'county')
  await expect.poll(() => due.length).toBe(1)
  const raised = standing.raise()
  for (const run of due.splice(0)) run()
  const { key } = (await turned) as { readonly key: string }
  expect(await raised).toBe(2)
  const { incarnation, serial, signer } = keys.identity.now()
  expect([incarnation, serial, signer.key, told]).toEqual([2, 3, key, [2, 3]])
})

test('a full disk turns nothing', async () => {
  const old = keys.identity.now().signer.key
  const full = { refused: true, code: 'ledger.disk-full', zh: '', en: '', facts: {} } as const
  const standing = open({ ...county.ledger, write: async () => full })
  expect(await standing.rotateHubKey({ action: 'turn-1', reason: 'yearly' }, 'county')).toEqual(full)
  expect((await openKeys(home, crypto, [], NOW)).identity.now().signer.key).toBe(old)
  expect(due).toEqual([])
})

test('the next incarnation is told in the stream, by the retained word, and above what another hub has', async () => {
  const standing = open()
  expect(await standing.incarnations()).toEqual({ own: 1, highest: 1 })
  await county.ledger.keepCertificate('hub', otherHub(5))
  expect(await standing.incarnations()).toEqual({ own: 1, highest: 5 })
  expect(await standing.raise()).toBe(6)
  expect([kindsOf(await sealOf()), told]).toEqual([['epoch', 'certificate'], [6]])
  expect((await county.ledger.standing()).certificates).toHaveLength(2)
  // Should it have died before the entry was written, the next start writes it; else it is there already.
  await open().open()
  expect(kindsOf(await sealOf())).toEqual(['epoch', 'certificate'])
})

test('of two hubs the one that is started last is obeyed: what the other rose to while both lived would bar it for ever', async () => {
  await county.ledger.keepCertificate('hub', otherHub(5))
  await open().open()
  expect([await open().incarnations(), told]).toEqual([{ own: 6, highest: 6 }, [6]])
  await open().open()
  expect([keys.identity.now().incarnation, told]).toEqual([6, [6]])
})

test('a node shows it the hub that is obeyed: of one that rose and never wrote so it would know nothing', async () => {
  const { publicKey } = testSigner()
  expect(await county.ledger.showCertificate('qinglong', certify('baihe', publicKey, 1))).toBe(false)
  expect(await county.ledger.nodes()).toEqual([])
  expect(await county.ledger.showCertificate('qinglong', otherHub(5))).toBe(true)
  await open().open()
  expect(keys.identity.now().incarnation).toBe(6)
})

test('a hub that took entries back from its second copy was restored', async () => {
  const standing = open({ ...county.ledger, standing: async () => ({ ...(await county.ledger.standing()), tookBack: 2 }) })
  await standing.open()
  expect(keys.identity.now().incarnation).toBe(2)
  const page = await county.ledger.ask.discrepancies({})
  expect(isRefusal(page) ? [] : page.rows.map(({ kind }) => kind)).toEqual(['hub-restored'])
})

test('a hub whose ledger was imported stands above the hub it came from, says so to every node, and rises once', async () => {
  let imported = true
  const ledger = {
    ...county.ledger,
    standing: async () => ({ ...(await county.ledger.standing()), imported }),
    settleImport: async () => {
      expect(keys.identity.now().incarnation).toBe(2)
      imported = false
    },
  }
  await open(ledger).open()
  await open(ledger).open()
  expect([imported, keys.identity.now().incarnation, told]).toEqual([false, 2, [2]])
  expect(kindsOf(await sealOf())).toEqual(['epoch', 'certificate'])
  // Nothing is wrong with it: nobody need look.
  expect(await county.ledger.ask.discrepancies({})).toMatchObject({ rows: [] })
})

test('keys of a node are revoked once: all it has, or the one named', async () => {
  const standing = open()
  const [one, other] = [testSigner(), testSigner()]
  for (const [at, { publicKey }] of [one, other].entries())
    await county.ledger.keepCertificate('qinglong', certify('qinglong', publicKey, at + 1))
  const wish = { action: 'revoke-1', node: 'qinglong', key: one.key, reason: 'lost' }
  expect(await standing.revokeKeys(wish, 'county')).toEqual({ revoked: [one.key] })
  expect(await standing.revokeKeys(wish, 'county')).toEqual({ revoked: [one.key] })
  expect(await standing.revokeKeys({ action: 'revoke-2', node: 'qinglong', reason: 'lost' }, 'county')).toEqual({ revoked: [other.key] })
  expect(await standing.revokeKeys({ action: 'revoke-3', node: 'qinglong', reason: 'lost' }, 'county')).toEqual({ revoked: [] })
  expect(await county.ledger.nodes()).toMatchObject([{ node: 'qinglong', revoked: [one.key, other.key] }])
  expect(kindsOf(await sealOf())).toEqual(['epoch', 'revoke', 'revoke'])
  expect(await standing.revokeKeys({ action: 'revoke-4', node: 'baihe', reason: 'lost' }, 'county')).toMatchObject({
    code: 'catalog.site-unknown',
  })
  expect(await standing.rotateHubKey({ action: 'revoke-1', reason: 'x' }, 'county')).toMatchObject({ code: 'api.action-reused' })
  expect(await standing.revokeKeys(wish, 'u-other')).toMatchObject({ code: 'api.action-reused' })
  expect(await standing.revokeKeys({ ...wish, node: 'baihe' }, 'county')).toMatchObject({ code: 'api.action-reused' })
})

const certify = (subject: string, publicKey: Uint8Array, serial: number, incarnation = 0) =>
  signCertificate(crypto, keys.county, {
    v: 1,
    subject,
    role: subject === 'hub' ? 'hub' : 'node',
    alg: 'Ed25519',
    signingKey: base64urlOf(publicKey),
    tlsKey: 'A'.repeat(64),
    from: '2026-01-01T00:00:00.000Z',
    serial,
    incarnation,
    issuer: keys.county.key,
  })
const testSigner = () => {
  const key = generateKeyPairSync('ed25519').privateKey
  return { ...signerOf(crypto, key), publicKey: rawPublicKey(key) }
}
const otherHub = (incarnation: number) => certify('hub', testSigner().publicKey, incarnation, incarnation)
