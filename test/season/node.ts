import { join } from 'node:path'
import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import type { Network } from '@lotkeeper/deploy/simulators/network.ts'
import type { VirtualTime } from '@lotkeeper/deploy/simulators/time.ts'
import { openDatabase } from '@lotkeeper/edge/database.ts'
import type { EdgeLedger } from '@lotkeeper/edge/ledger/contract.ts'
import { openEdgeLedger } from '@lotkeeper/edge/ledger/ledger.ts'
import { LEDGER_SHAPE } from '@lotkeeper/edge/ledger/schema.ts'
import { openKeyring } from '@lotkeeper/edge/uplink/keys.ts'
import { openUplink } from '@lotkeeper/edge/uplink/uplink.ts'
import { streamOfNode } from '@lotkeeper/protocol/names.ts'
import type { SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { testParts, testSigner } from '../parts.ts'
import type { HubRun } from './hub.ts'

/** A node of a season: the production ledger and uplink on a real file, which may die and start again. */
export interface NodeRun {
  readonly node: string
  readonly publicKey: Uint8Array
  readonly enrolled: (signed: SignedCertificate) => void
  readonly ledger: () => EdgeLedger
  readonly start: () => void
  /** Everything in memory is gone, the line too; the file stays. */
  readonly kill: () => void
  /** Answered bookings: every one of them must be in the log for ever. */
  readonly answered: Map<string, string>
  readonly entries: () => number
}

export const openNodeRun = (folder: string, node: string, seed: number, time: VirtualTime, network: Network, hub: HubRun): NodeRun => {
  const signer = testSigner(testParts.sha256(testParts.utf8(`${node} ${seed}`)))
  const certificates: SignedCertificate[] = []
  let drawn = 0
  const random = {
    bytes: (count: number) => {
      drawn += 1
      return testParts.sha256(testParts.utf8(`${node} random ${seed} ${drawn}`)).subarray(0, count)
    },
    fraction: () => {
      drawn += 1
      return chance(seed, 6, drawn)
    },
  }
  let running: { readonly ledger: EdgeLedger; readonly end: () => void } | null = null
  const ledger = (): EdgeLedger => {
    if (!running) throw new Error(`${node} is down`)
    return running.ledger
  }
  return {
    node,
    publicKey: signer.publicKey,
    enrolled: (signed) => void certificates.push(signed),
    ledger,
    start: () => {
      const life = time.mortal()
      const parts = {
        crypto: testParts,
        clock: time.clock,
        timers: life.timers,
        random,
        signer,
        boot: { id: `boot-${node}`, upMs: time.clock.monotonic },
        openLink: network.linkOf(node),
      }
      const db = openDatabase(join(folder, `${node}.sqlite`), LEDGER_SHAPE, { synchronous: 'FULL', walPages: 16 })
      const opened = openEdgeLedger(db, parts, { node, zone: 'Asia/Shanghai', software: 'season' })
      const keyring = openKeyring(
        testParts,
        { countyKey: hub.countyKey, certificates: [...certificates, ...hub.certificates()] },
        opened.exchange,
      )
      openUplink(
        parts,
        opened,
        { node, software: 'season', keyring, devices: () => [] },
        { changed: () => {}, refused: () => {}, news: () => {}, down: () => {} },
      )
      running = {
        ledger: opened,
        end: () => {
          // A killed process says no farewell: its timers stop, its socket closes.
          life.die()
          network.cutOff(node)
          opened.close()
        },
      }
    },
    kill: () => {
      running?.end()
      running = null
    },
    answered: new Map(),
    entries: () =>
      ledger()
        .exchange.tips([streamOfNode(node)])
        .reduce((sum, tip) => sum + tip.held, 0),
  }
}
