import { generateKeyPairSync } from 'node:crypto'
import type { Signer } from '@lotkeeper/protocol/parts.ts'
import { openCrypto, rawPublicKey, signerOf } from '../crypto.ts'
import { openDatabase } from '../database.ts'
import type { HubLedger } from '../ledger/contract.ts'
import { openLedgerHere } from '../ledger/open.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '../ledger/sqlite/schema.ts'

/** A county's real ledger in memory, for tests. */
export interface TestCounty {
  readonly ledger: HubLedger
  readonly close: () => Promise<void>
}
export const TEST_EPOCH = '8f3a1c5e7b9d2046'

/** `mbMax` makes its disk small; keys are made when none are given. */
export const openCounty = (
  given: { readonly signer?: Signer; readonly countyKey?: Uint8Array; readonly mbMax?: number } = {},
): TestCounty => {
  const crypto = openCrypto()
  const own = generateKeyPairSync('ed25519').privateKey
  const form = { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA }
  const ledger = openLedgerHere(openDatabase(':memory:', form, given.mbMax ?? null), {
    crypto,
    signer: given.signer ?? signerOf(crypto, own),
    countyKey: given.countyKey ?? rawPublicKey(own),
    epoch: TEST_EPOCH,
    now: Date.now,
    upMs: () => performance.now(),
    zone: 'Asia/Shanghai',
    software: '0.1.0',
    transitDueMs: 86_400_000,
  })
  return { ledger, close: ledger.close }
}
