import { join } from 'node:path'
import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import type { Network } from '@lotkeeper/deploy/simulators/network.ts'
import type { VirtualTime } from '@lotkeeper/deploy/simulators/time.ts'
import { openDatabase } from '@lotkeeper/hub/database.ts'
import { openIngest } from '@lotkeeper/hub/ingest/ingest.ts'
import type { HubLedger } from '@lotkeeper/hub/ledger/contract.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '@lotkeeper/hub/ledger/sqlite/schema.ts'
import { base64urlOf, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { type SignedCertificate, signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { testParts, testSigner } from '../parts.ts'

/** The hub of a season: the production ledger and ingest on a real file, which may die and start again. */
export interface HubRun {
  readonly ledger: () => HubLedger
  readonly isUp: () => boolean
  readonly start: () => Promise<void>
  /** Everything in memory is gone; the file stays. */
  readonly kill: () => Promise<void>
  readonly countyKey: Uint8Array
  readonly certificates: () => readonly SignedCertificate[]
  readonly enrol: (node: {
    readonly node: string
    readonly publicKey: Uint8Array
    readonly enrolled: (signed: SignedCertificate) => void
  }) => Promise<void>
  readonly entries: () => number
}

export const openHubRun = (folder: string, seed: number, time: VirtualTime, network: Network): HubRun => {
  const county = testSigner(testParts.sha256(testParts.utf8(`county ${seed}`)))
  const signer = testSigner(testParts.sha256(testParts.utf8(`hub ${seed}`)))
  const certify = (subject: string, role: 'hub' | 'node', key: Uint8Array): SignedCertificate =>
    signCertificate(testParts, county, {
      v: 1,
      subject,
      role,
      alg: 'Ed25519',
      signingKey: base64urlOf(key),
      tlsKey: 'A'.repeat(64),
      from: '2026-11-22T00:00:00.000Z',
      serial: 1,
      incarnation: role === 'hub' ? 1 : 0,
      issuer: county.key,
    })
  const own = certify('hub', 'hub', signer.publicKey)
  let drawn = 0
  const random = {
    bytes: (count: number) => {
      drawn += 1
      return testParts.sha256(testParts.utf8(`hub random ${seed} ${drawn}`)).subarray(0, count)
    },
    fraction: () => {
      drawn += 1
      return chance(seed, 5, drawn)
    },
  }
  let running: { readonly ledger: HubLedger; readonly end: () => Promise<void> } | null = null
  let taken = 0
  const start = async () => {
    const life = time.mortal()
    const opened = openDatabase(join(folder, 'hub.sqlite'), { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA })
    const ledger = openLedgerHere(opened, {
      crypto: testParts,
      signer,
      countyKey: county.publicKey,
      epoch: hexOf(random.bytes(8)).toLowerCase(),
      now: time.clock.now,
      upMs: time.clock.monotonic,
      zone: 'Asia/Shanghai',
      software: 'season',
      transitDueMs: 86_400_000,
    })
    await ledger.keepCertificate('hub', own)
    const parts = { clock: time.clock, timers: life.timers, random, crypto: testParts }
    let failed: unknown = null
    const ingest = openIngest(
      parts,
      ledger,
      () => broker,
      (why) => {
        failed = why
      },
    )
    const broker = network.openBroker(ingest.events)
    ledger.follow((committed) => {
      taken += committed.entries
    })
    running = {
      ledger,
      end: async () => {
        if (failed) throw failed
        life.die()
        ingest.close()
        await broker.close()
        await ledger.close()
      },
    }
  }
  const ledger = (): HubLedger => {
    if (!running) throw new Error('the hub is down')
    return running.ledger
  }
  return {
    ledger,
    isUp: () => running !== null,
    start,
    kill: async () => {
      await running?.end()
      running = null
    },
    countyKey: county.publicKey,
    certificates: () => [own],
    enrol: async ({ node, publicKey, enrolled }) => {
      const signed = certify(node, 'node', publicKey)
      await ledger().keepCertificate(node, signed)
      enrolled(signed)
    },
    entries: () => taken,
  }
}
