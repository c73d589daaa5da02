import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { originOf, readCheckpoint, verifyCheckpoint } from '@lotkeeper/protocol/ledger/checkpoint.ts'
import { openEdge, rootOfPath } from '@lotkeeper/protocol/ledger/tree.ts'
import { keyId } from '@lotkeeper/protocol/wire/certificate.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openCrypto, rawPublicKey, signerOf } from '../../crypto.ts'
import { type OpenedDatabase, openDatabase } from '../../database.ts'
import type { HubDraft } from '../contract.ts'
import { type LedgerCore, openLedgerCore } from './core.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from './schema.ts'
import { TILE_HASHES } from './tiles.ts'
import { openTree } from './tree.ts'

const crypto = openCrypto()
const key = createPrivateKey(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))
const signer = signerOf(crypto, key)
const COUNTY = keyId(crypto, signer.publicKey)
const [FIRST, NEXT] = ['ee00000000000001', 'ee00000000000002']

let opened: OpenedDatabase
beforeEach(() => {
  opened = openDatabase(':memory:', { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA })
})
afterEach(() => opened.close())

const treeOf = (epoch: string) => openTree(opened.db, crypto, { epoch, countyKey: COUNTY, signer: () => signer, now: () => 7 })
const hashOf = (seq: number) => createHash('sha256').update(`entry ${seq}`).digest()
const PLACE = { stream: 'qinglong>*', epoch: 'aa00000000000001' }
const entries = (from: number, upto: number) =>
  Array.from({ length: upto - from + 1 }, (_, at) => ({ seq: from + at, hash: hashOf(from + at) }))

/** The same tree by the definition: leaf 0, then every entry as text. */
const rootByHand = (first: string, upto: number, from = 1): string => {
  const edge = openEdge(crypto)
  edge.append(createHash('sha256').update(`\0${first}`).digest())
  for (const { seq, hash } of entries(from, upto))
    edge.append(
      createHash('sha256')
        .update(`\0${PLACE.stream}/${PLACE.epoch}/${seq}\n${hexOf(hash)}\n`)
        .digest(),
    )
  return hexOf(edge.root())
}

describe('the tree', () => {
  test.for([1, 2, TILE_HASHES - 1, TILE_HASHES, TILE_HASHES + 1, 3 * TILE_HASHES + 7])(
    'of %i entries, in one commit and in many',
    (count) => {
      const tree = treeOf(FIRST)
      tree.take(PLACE, entries(1, 1), 5)
      tree.flush()
      for (let from = 2; from <= count; from += 100) {
        tree.take(PLACE, entries(from, Math.min(count, from + 99)), 5 + from)
        tree.flush()
      }
      const signed = tree.sign()
      expect([signed?.size, hexOf(signed?.root ?? new Uint8Array())]).toEqual([count + 1, rootByHand('', count)])
      expect(verifyCheckpoint(crypto, signed?.text ?? '', [signer.publicKey])).toMatchObject({
        origin: originOf(COUNTY, FIRST),
        size: count + 1,
      })
      expect(opened.db.prepare('select sum(entries) from tree_span').pluck().get()).toBe(count)
      for (const seq of new Set([1, Math.ceil(count / 2), count])) {
        const proof = tree.inclusion(`${PLACE.stream}/${PLACE.epoch}/${seq}`)
        expect(proof).toMatchObject({ hubEpoch: FIRST, index: seq, size: count + 1 })
        expect(proof && rootOfPath(crypto, proof, proof.leaf, proof.path)).toEqual(signed?.root)
      }
      expect(tree.inclusion(`${PLACE.stream}/${PLACE.epoch}/${count + 1}`)).toBeNull()
      expect(tree.inclusion('nonsense')).toBeNull()
    },
  )

  test('is the same after a rollback as if the lost entries had never come', () => {
    const tree = treeOf(FIRST)
    const commit = (run: () => void) => opened.db.transaction(run)()
    commit(() => {
      tree.take(PLACE, entries(1, 300), 5)
      tree.flush()
    })
    for (const lost of [1, 212, 500]) {
      expect(() =>
        commit(() => {
          tree.take(PLACE, entries(301, 300 + lost), 5)
          tree.flush()
          throw new Error('lost')
        }),
      ).toThrow('lost')
      tree.forget()
    }
    commit(() => {
      tree.take(PLACE, entries(301, 310), 6)
      tree.flush()
    })
    expect(hexOf(tree.sign()?.root ?? new Uint8Array())).toBe(rootByHand('', 310))
  })

  test('of the next hub epoch begins with the last word of the one before, signed now when its hub was killed', () => {
    const before = treeOf(FIRST)
    before.take(PLACE, entries(1, 3), 5)
    expect(before.head()).toMatchObject({ size: 0, text: null })
    before.flush()
    expect(before.head()).toMatchObject({ size: 4, text: null })
    const after = treeOf(NEXT)
    after.take(PLACE, entries(4, 6), 6)
    after.flush()
    const text = String(opened.db.prepare('select text from tree_head where hub_epoch = ?').pluck().get(FIRST))
    expect(readCheckpoint(text)).toMatchObject({ size: 4, root: bytesOfHex(rootByHand('', 3)) })
    expect(hexOf(after.sign()?.root ?? new Uint8Array())).toBe(rootByHand(text, 6, 4))
    expect(after.inclusion(`${PLACE.stream}/${PLACE.epoch}/2`)).toMatchObject({ hubEpoch: FIRST, index: 2, size: 4 })
  })

  test('goes on in a process that runs under the same epoch, and says nothing twice', () => {
    treeOf(FIRST).sign()
    const tree = treeOf(FIRST)
    tree.take(PLACE, entries(1, 260), 5)
    tree.flush()
    const again = treeOf(FIRST)
    again.take(PLACE, entries(261, 270), 5)
    again.flush()
    expect(hexOf(again.sign()?.root ?? new Uint8Array())).toBe(rootByHand('', 270))
    again.told()
    expect(again.sign()).toBeNull()
  })
})

describe('in the ledger of a hub', () => {
  const openCore = (epoch: string): LedgerCore =>
    openLedgerCore(opened, {
      ...{ crypto, signer, epoch, countyKey: rawPublicKey(key), now: Date.now, upMs: () => performance.now() },
      ...{ zone: 'Asia/Shanghai', software: 'test', transitDueMs: 86_400_000 },
    })
  const site = (version: number): HubDraft<'site'> => ({
    ...{ stream: 'hub>all', kind: 'site', action: `site-${version}`, part: 0, actor: null, doc: null, lines: [] },
    body: { site: 'qinglong', version, name: { zh: '青龙', en: 'Qinglong' }, zone: 'Asia/Shanghai', rooms: [] },
  })

  test('a checkpoint is told to all when something came, and every entry finds its way to it', () => {
    const core = openCore(FIRST)
    expect([core.keepCheckpoint(), core.checkpoint()]).toMatchObject([false, { epoch: FIRST, size: 0, text: null }])
    core.write([site(1)])
    expect([core.keepCheckpoint(), core.keepCheckpoint()]).toEqual([true, false])
    const { text, size, root } = core.checkpoint()
    expect([text && verifyCheckpoint(crypto, text, [signer.publicKey]), size]).toMatchObject([{ root: bytesOfHex(root) }, 3])
    const told = core.batch({ stream: 'hub>all', epoch: FIRST, from: 1, upto: 3 })?.entries.map((entry) => JSON.parse(entry))
    expect(told?.at(-1)).toMatchObject({ kind: 'checkpoint', body: { text } })
    const proof = core.inclusion(`hub>all/${FIRST}/2`)
    expect(proof).toMatchObject({ epoch: FIRST, index: 2, size: 3, root })
    expect(core.inclusion(`hub>all/${FIRST}/9`)).toMatchObject({ code: 'ledger.entry-unknown' })
    core.write([site(2)])
    expect([core.keepCheckpoint(), core.checkpoint().size]).toEqual([true, 5])
  })

  test('what a hub held before there were trees is in its first tree', () => {
    openCore(FIRST).write([site(1)])
    opened.db.exec('delete from tree; delete from tree_tile; delete from tree_span; delete from tree_head')
    const core = openCore(NEXT)
    core.write([site(2)])
    core.keepCheckpoint()
    const size = 5
    expect(core.checkpoint().size).toBe(size)
    for (const [index, entry] of [`hub>all/${FIRST}/1`, `hub>all/${FIRST}/2`, `hub>all/${NEXT}/1`, `hub>all/${NEXT}/2`].entries())
      expect(core.inclusion(entry)).toMatchObject({ epoch: NEXT, index: index + 1, size })
  })

  test('a refused write leaves no leaf behind', () => {
    const core = openCore(FIRST)
    core.write([site(1)])
    const wrong = {
      ...site(2),
      lines: [{ lot: 'gauze/B1', from: 'qinglong/main/held', to: 'hub/~supplier', units: 1, entered: null, tags: [] }],
    }
    expect(core.write([site(3), wrong])).toMatchObject({ code: 'ledger.place-not-owned' })
    core.write([site(2)])
    core.keepCheckpoint()
    expect(core.checkpoint().size).toBe(4)
    expect(opened.db.prepare('select sum(entries) from tree_span').pluck().get()).toBe(4)
  })
})
