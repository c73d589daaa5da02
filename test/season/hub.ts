import { join } from 'node:path'
import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import type { Network } from '@lotkeeper/deploy/simulators/network.ts'
import type { VirtualTime } from '@lotkeeper/deploy/simulators/time.ts'
import { type Database, type OpenedDatabase, openDatabase } from '@lotkeeper/hub/database.ts'
import { openIngest } from '@lotkeeper/hub/ingest/ingest.ts'
import type { HubLedger } from '@lotkeeper/hub/ledger/contract.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '@lotkeeper/hub/ledger/sqlite/schema.ts'
import { base64urlOf, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { HUB, type NodeId, STREAM_TO_ALL, streamOfNode } from '@lotkeeper/protocol/names.ts'
import { type SignedCertificate, signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { HUB_STATE } from '@lotkeeper/protocol/wire/have.ts'
import { HUB_STATE_TOPIC } from '@lotkeeper/protocol/wire/topics.ts'
import { testParts, testSigner } from '../parts.ts'
import { seasonCrypto } from './crypto.ts'
import { type Fuse, openFuse } from './fuse.ts'
import { closeAsIfCut, type Image, imageOf, putImage } from './image.ts'

/** The hub of a season: the production ledger and ingest on a real file, which may die at any call and start again from any copy. */
export interface HubRun {
  readonly ledger: () => HubLedger
  readonly db: () => Database
  /** Up, and not just crashed. */
  readonly isUp: () => boolean
  readonly start: () => Promise<void>
  /** As by kill -9: everything in memory is gone; the file stays as it was. */
  readonly kill: () => Promise<void>
  /** Lets the power go at the k-th call of a port from now on. */
  readonly crashAfter: (calls: number) => void
  /** Whatever was to go off does not. */
  readonly steady: () => void
  /** The power went and nobody has cleared up yet: `kill` does. */
  readonly crashed: () => boolean
  readonly image: () => Image
  readonly put: (image: Image) => void
  /** What it holds of a node's stream, by epoch; of a hub that is down, what it held. */
  readonly heldOf: (node: NodeId) => Promise<ReadonlyMap<string, number>>
  readonly countyKey: Uint8Array
  readonly certificates: () => readonly SignedCertificate[]
  /** Whether it knows the newest certificate of a machine: a restored hub may have forgotten it. */
  readonly knows: (machine: { readonly credentials: () => readonly SignedCertificate[] }) => Promise<boolean>
  /** Certifies a node's key, and revokes what its older machines signed with. */
  readonly enrol: (node: NodeId, publicKey: Uint8Array, older: readonly string[]) => Promise<SignedCertificate | null>
}

export const openHubRun = (folder: string, seed: number, time: VirtualTime, network: Network): HubRun => {
  const file = join(folder, 'hub.sqlite')
  const county = testSigner(testParts.sha256(testParts.utf8(`county ${seed}`)))
  const fuse = openFuse()
  const signer = fuse.signer(testSigner(testParts.sha256(testParts.utf8(`hub ${seed}`))))
  const serials = new Map<string, number>()
  const certify = (subject: string, role: 'hub' | 'node', key: Uint8Array): SignedCertificate => {
    const serial = (serials.get(subject) ?? 0) + 1
    serials.set(subject, serial)
    return signCertificate(testParts, county, {
      v: 1,
      subject,
      role,
      alg: 'Ed25519',
      signingKey: base64urlOf(key),
      tlsKey: 'A'.repeat(64),
      from: '2026-11-22T00:00:00.000Z',
      serial,
      incarnation: role === 'hub' ? 1 : 0,
      issuer: county.key,
    })
  }
  const own = certify(HUB, 'hub', signer.publicKey)
  const random = randomOf(seed)
  let running: Running | null = null
  let crash: Image | null = null
  const up = (): Running => {
    if (!running || crash) throw new Error('the hub is down')
    return running
  }
  const heldBefore = new Map<NodeId, ReadonlyMap<string, number>>()
  const remember = ({ opened }: Running) => {
    heldBefore.clear()
    const rows = opened.db.prepare<[], { stream: string; epoch: string; held: number }>('select stream, epoch, held_seq as held from epoch')
    for (const { stream, epoch, held } of rows.iterate()) {
      const node = stream.slice(0, -2)
      if (stream === streamOfNode(node)) heldBefore.set(node, new Map([...(heldBefore.get(node) ?? []), [epoch, held]]))
    }
  }
  return {
    ledger: () => up().ledger,
    db: () => up().opened.db,
    isUp: () => running !== null && crash === null,
    start: async () => {
      running = await startHub({ file, fuse, signer, countyKey: county.publicKey, own, random, time, network })
    },
    crashAfter: (calls) =>
      fuse.light(calls, () => {
        if (!running) return
        crash = imageOf(file)
        running.die()
      }),
    steady: fuse.out,
    crashed: () => crash !== null,
    kill: async () => {
      fuse.out()
      if (!running) return
      running.die()
      await running.end()
      if (!crash) remember(running)
      closeAsIfCut(file, running.opened.close)
      running = null
      if (crash) putImage(file, crash)
      crash = null
    },
    image: () => imageOf(file),
    put: (image) => putImage(file, image),
    heldOf: async (node) => {
      if (running && !crash) remember(running)
      return heldBefore.get(node) ?? new Map()
    },
    countyKey: county.publicKey,
    certificates: () => [own],
    knows: async (machine) => {
      const newest = machine.credentials().at(-1)?.certificate
      return (await up().ledger.nodes()).some((one) => one.certificates.some(({ certificate }) => certificate === newest))
    },
    enrol: async (node, publicKey, older) => {
      const signed = certify(node, 'node', publicKey)
      const { ledger } = up()
      await ledger.keepCertificate(node, signed)
      const common = { stream: STREAM_TO_ALL, action: `certificate/${node}/${serials.get(node)}`, actor: null, doc: null, lines: [] }
      const told = await ledger.write([
        { ...common, kind: 'certificate', part: 0, body: { ...signed } },
        ...older.map((key, at) => ({ ...common, kind: 'revoke' as const, part: at + 1, body: { node, key, reason: 'replaced' } })),
      ])
      // The power went in between: nobody was answered.
      return crash || 'refused' in told ? null : signed
    },
  }
}

interface Running {
  readonly ledger: HubLedger
  readonly opened: OpenedDatabase
  /** Nothing of it is heard or seen from now on. */
  readonly die: () => void
  readonly end: () => Promise<void>
}

interface HubParts {
  readonly file: string
  readonly fuse: Fuse
  readonly signer: ReturnType<typeof testSigner>
  readonly countyKey: Uint8Array
  readonly own: SignedCertificate
  readonly random: ReturnType<typeof randomOf>
  readonly time: VirtualTime
  readonly network: Network
}

const startHub = async ({ file, fuse, signer, countyKey, own, random, time, network }: HubParts): Promise<Running> => {
  const life = time.mortal()
  const form = { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA }
  const opened = openDatabase(file, form, DATABASE_MB)
  const crypto = fuse.crypto(seasonCrypto)
  const epoch = hexOf(random.bytes(8)).toLowerCase()
  const ledger = openLedgerHere(opened, {
    crypto,
    signer,
    countyKey,
    epoch,
    now: time.clock.now,
    upMs: time.clock.monotonic,
    zone: 'Asia/Shanghai',
    software: 'season',
    transitDueMs: 86_400_000,
  })
  await ledger.keepCertificate(HUB, own)
  let failed: unknown = null
  let dead = false
  const ingest = openIngest(
    { clock: time.clock, timers: life.timers, random, crypto },
    ledger,
    () => broker,
    (why) => {
      failed = failed ?? why
    },
  )
  const broker = network.openBroker(ingest.events)
  const at = new Date(time.clock.now()).toISOString()
  broker.publish(
    HUB_STATE_TOPIC,
    HUB_STATE.write({ id: `state-${epoch}`, source: '/hub', time: at }, { epoch, incarnation: 1, at, ...own }),
    true,
  )
  return {
    ledger,
    opened,
    die: () => {
      if (dead) return
      dead = true
      life.die()
      ingest.close()
      network.hubDied()
    },
    end: async () => {
      // What is under way in this turn goes on to its end, unheard.
      await new Promise<void>((resolve) => setImmediate(resolve))
      if (failed) throw failed
    },
  }
}

/** Small enough to be filled in a moment. */
const DATABASE_MB = 8

const randomOf = (seed: number) => {
  let drawn = 0
  return {
    bytes: (count: number) => {
      drawn += 1
      return testParts.sha256(testParts.utf8(`hub random ${seed} ${drawn}`)).subarray(0, count)
    },
    fraction: () => {
      drawn += 1
      return chance(seed, 5, drawn)
    },
  }
}
