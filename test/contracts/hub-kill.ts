import { createPrivateKey } from 'node:crypto'
import { openCrypto, signerOf } from '@lotkeeper/hub/crypto.ts'
import { openDatabase } from '@lotkeeper/hub/database.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '@lotkeeper/hub/ledger/sqlite/schema.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import type { SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'

/** What a ledger in a process of its own is told at its start, and then one batch after another. */
export interface KillOrder {
  readonly file: string
  readonly countyKey: string
  readonly signingKey: string
  readonly epoch: string
  readonly certificates: readonly SignedCertificate[]
}

/** The process: takes each payload and answers how many entries it holds, after the commit. It is there to be killed. */
const serve = async (order: KillOrder): Promise<void> => {
  const crypto = openCrypto()
  const opened = openDatabase(order.file, { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA })
  const ledger = openLedgerHere(opened, {
    crypto,
    signer: signerOf(crypto, createPrivateKey(order.signingKey)),
    countyKey: Buffer.from(order.countyKey, 'base64url'),
    epoch: order.epoch,
    now: Date.now,
    upMs: () => performance.now(),
    zone: 'Asia/Shanghai',
    software: '0.1.0',
    transitDueMs: 86_400_000,
  })
  for (const signed of order.certificates) await ledger.keepCertificate('qinglong', signed)
  process.on('message', async (payload: string) => {
    const outcomes = await ledger.take([{ node: 'qinglong', payload: Buffer.from(payload), receivedAtMs: Date.now() }])
    const [tip] = await ledger.tips(['qinglong>*'])
    process.send?.({ held: isRefusal(outcomes) ? -1 : (tip?.held ?? 0) })
  })
  process.send?.({ held: (await ledger.tips(['qinglong>*']))[0]?.held ?? 0 })
}

process.once('message', (order: KillOrder) => void serve(order))
