import { join } from 'node:path'
import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import type { Network } from '@lotkeeper/deploy/simulators/network.ts'
import type { VirtualTime } from '@lotkeeper/deploy/simulators/time.ts'
import type { Database } from '@lotkeeper/hub/database.ts'
import type { HubLedger } from '@lotkeeper/hub/ledger/contract.ts'
import { base64urlOf } from '@lotkeeper/protocol/bytes.ts'
import { HUB, type NodeId, STREAM_TO_ALL, streamOfNode } from '@lotkeeper/protocol/names.ts'
import { type SignedCertificate, signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { testParts, testSigner } from '../parts.ts'
import { type HubMachine, openHubMachine, type RunningHub } from './hub-machine.ts'
import type { Image } from './image.ts'
import type { Machine } from './machine.ts'

/** The hub of a season: the machine people turn to, which may die at any call and start again from any copy; and for a while another beside it. */
export interface HubRun extends Machine<Promise<void>> {
  readonly ledger: () => HubLedger
  readonly db: () => Database
  /** What it holds of a node's stream, by epoch; of a hub that is down, what it held. */
  readonly heldOf: (node: NodeId) => Promise<ReadonlyMap<string, number>>
  readonly countyKey: Uint8Array
  /** The certificate of its first life: what a node is given when it is enrolled. */
  readonly certificates: () => readonly SignedCertificate[]
  /** Whether it knows the newest certificate of a machine: a restored hub may have forgotten it. */
  readonly knows: (machine: { readonly credentials: () => readonly SignedCertificate[] }) => Promise<boolean>
  /** Certifies a node's key, and revokes what its older machines signed with. */
  readonly enrol: (node: NodeId, publicKey: Uint8Array, older: readonly string[]) => Promise<SignedCertificate | null>
  /** Where nodes reach the hubs there are. */
  readonly addresses: () => readonly string[]
  /** The hub that stepped aside for another and still runs. */
  readonly former: () => RunningHub | null
  /** That one starts once more, if there is one. */
  readonly restartFormer: () => Promise<void>
  /** It starts anew at another address. */
  readonly stepAside: () => Promise<void>
  /** A copy of it is started in its place, with its keys: the one people turn to from now on. */
  readonly startBeside: (image: Image) => Promise<void>
  /** The hub that stepped aside is switched off for good. */
  readonly retire: () => Promise<void>
  /** The device of its second copy, which about every third county has. */
  readonly copy: () => HubMachine['copy']
}

export const openHubRun = (folder: string, seed: number, time: VirtualTime, network: Network): HubRun => {
  const county = testSigner(testParts.sha256(testParts.utf8(`county ${seed}`)))
  const hubKey = testSigner(testParts.sha256(testParts.utf8(`hub ${seed}`))).publicKey
  const machineIn = (name: string) =>
    openHubMachine({
      ...{
        name,
        file: join(folder, `${name}.sqlite`),
        copyFolder: join(folder, `${name}-copy`),
        seed,
        address: HUB,
        county,
        time,
        network,
      },
    })
  let machine = machineIn('hub')
  let former: HubMachine | null = null
  if (chance(seed, 502) < COPIED) machine.copy.fit()
  const serials = new Map<string, number>()
  const certify = certifier(county, serials)
  const own = certify(HUB, 'hub', hubKey)
  const up = (): RunningHub => {
    const running = machine.running()
    if (!running || machine.crashed()) throw new Error('the hub is down')
    return running
  }
  const heldBefore = new Map<NodeId, ReadonlyMap<string, number>>()
  const remember = ({ opened }: RunningHub) => {
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
    isUp: () => machine.isUp(),
    start: () => machine.start(),
    crashAfter: (calls, ports) => machine.crashAfter(calls, ports),
    calls: () => machine.calls(),
    steady: () => machine.steady(),
    crashed: () => machine.crashed(),
    kill: async () => {
      if (machine.isUp()) remember(up())
      await machine.kill()
    },
    image: () => machine.image(),
    put: (image) => machine.put(image),
    copy: () => machine.copy,
    addresses: () => (former ? [HUB, FORMER] : [HUB]),
    former: () => former?.running() ?? null,
    restartFormer: async () => {
      await former?.kill()
      await former?.start()
    },
    stepAside: async () => {
      await machine.kill()
      former = machine
      machine.moveTo(FORMER)
      await machine.start()
    },
    startBeside: async (image) => {
      const keys = machine.keys.image()
      machine = machineIn('standby')
      machine.keys.put(keys)
      machine.put(image)
      await machine.start()
    },
    retire: async () => {
      await former?.kill()
      former = null
    },
    heldOf: async (node) => {
      if (machine.isUp()) remember(up())
      return heldBefore.get(node) ?? new Map()
    },
    countyKey: county.publicKey,
    certificates: () => [own],
    knows: async (known) => {
      const newest = known.credentials().at(-1)?.certificate
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
      return machine.crashed() || 'refused' in told ? null : signed
    },
  }
}

/** Where a hub is reached that stepped aside. */
const FORMER = 'former'

/** Of all counties so many keep a second copy. */
const COPIED = 0.35

/** What the county signs: each certificate of a subject has the next number. */
const certifier =
  (county: ReturnType<typeof testSigner>, serials: Map<string, number>) =>
  (subject: string, role: 'hub' | 'node', key: Uint8Array): SignedCertificate => {
    const serial = (serials.get(subject) ?? 0) + 1
    serials.set(subject, serial)
    return signCertificate(testParts, county, {
      ...{ v: 1, subject, role, alg: 'Ed25519', signingKey: base64urlOf(key), tlsKey: 'A'.repeat(64) },
      ...{ from: '2026-11-22T00:00:00.000Z', serial, incarnation: role === 'hub' ? 1 : 0, issuer: county.key },
    })
  }
