import { join } from 'node:path'
import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import type { Network } from '@lotkeeper/deploy/simulators/network.ts'
import type { VirtualTime } from '@lotkeeper/deploy/simulators/time.ts'
import { type Database, openDatabase } from '@lotkeeper/edge/database.ts'
import type { EdgeLedger } from '@lotkeeper/edge/ledger/contract.ts'
import { openEdgeLedger } from '@lotkeeper/edge/ledger/ledger.ts'
import { LEDGER_SHAPE } from '@lotkeeper/edge/ledger/schema.ts'
import { openStockroom, type Stockroom } from '@lotkeeper/edge/stockroom/stockroom.ts'
import { openHubs } from '@lotkeeper/edge/uplink/hubs.ts'
import { openKeyring } from '@lotkeeper/edge/uplink/keys.ts'
import type { UplinkNews } from '@lotkeeper/edge/uplink/news.ts'
import { openUplink } from '@lotkeeper/edge/uplink/uplink.ts'
import { type NodeId, streamOfNode } from '@lotkeeper/protocol/names.ts'
import type { SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { testParts, testSigner } from '../parts.ts'
import { remembering, seasonCrypto } from './crypto.ts'
import { type Fuse, openFuse } from './fuse.ts'
import type { HubRun } from './hub.ts'
import { closeAsIfCut, type Image, imageOf, putImage } from './image.ts'
import type { Machine } from './machine.ts'

/** A machine of a season: the production ledger, stockroom and uplink on a real file, which may die at any call and start from any copy. */
export interface NodeRun extends Machine<void> {
  readonly node: NodeId
  /** The box; a copied card makes a second one of the same node. */
  readonly machine: string
  readonly ledger: () => EdgeLedger
  readonly stockroom: () => Stockroom
  readonly db: () => Database
  readonly key: () => { readonly id: string; readonly publicKey: Uint8Array; readonly sign: (message: Uint8Array) => Uint8Array }
  /** Takes another key at the next start; a copied card has the same. */
  readonly takeKey: (name: string) => void
  readonly keyName: () => string
  readonly certified: (signed: SignedCertificate) => void
  readonly credentials: () => readonly SignedCertificate[]
  /** How far its wall clock is off. */
  readonly setClock: (byMs: number) => void
  readonly entries: () => number
}

export interface NodeSettings {
  readonly folder: string
  readonly node: NodeId
  readonly machine: string
  readonly seed: number
  readonly time: VirtualTime
  readonly network: Network
  readonly hub: HubRun
  /** Something the node would show its keeper. */
  readonly news: (news: UplinkNews) => void
}

export const openNodeRun = (settings: NodeSettings): NodeRun => {
  const { node, machine, seed } = settings
  const file = join(settings.folder, `${machine}.sqlite`)
  const fuse = openFuse()
  const random = randomOf(machine, seed)
  const certificates: SignedCertificate[] = []
  const signerNamed = (name: string) => remembering(testSigner(testParts.sha256(testParts.utf8(`${node} ${name} ${seed}`))))
  let keyName = 'first'
  let signer = signerNamed(keyName)
  let running: Running | null = null
  let crash: Image | null = null
  let byMs = 0
  let boots = 0
  const up = (): Running => {
    if (!running || crash) throw new Error(`${machine} is down`)
    return running
  }
  return {
    node,
    machine,
    ledger: () => up().ledger,
    stockroom: () => up().stockroom,
    db: () => up().db,
    isUp: () => running !== null && crash === null,
    start: () => {
      boots += 1
      running = startNode({ ...settings, file, fuse, random, signer, certificates, byMs: () => byMs, boot: `boot-${machine}-${boots}` })
    },
    crashAfter: (calls, ports) =>
      fuse.light(
        calls,
        () => {
          if (!running) return
          crash = imageOf(file)
          running.die()
        },
        ports,
      ),
    calls: fuse.calls,
    steady: fuse.out,
    crashed: () => crash !== null,
    kill: () => {
      fuse.out()
      if (!running) return
      running.die()
      closeAsIfCut(file, running.end, crash)
      running = null
      crash = null
    },
    image: () => imageOf(file),
    put: (image) => putImage(file, image),
    key: () => ({ id: signer.key, publicKey: signer.publicKey, sign: signer.sign }),
    takeKey: (name) => {
      keyName = name
      signer = signerNamed(name)
    },
    keyName: () => keyName,
    certified: (signed) => void certificates.push(signed),
    credentials: () => certificates,
    setClock: (by) => {
      byMs = by
    },
    entries: () =>
      up()
        .ledger.exchange.tips([streamOfNode(node)])
        .reduce((sum, tip) => sum + tip.held, 0),
  }
}

interface Running {
  readonly ledger: EdgeLedger
  readonly stockroom: Stockroom
  readonly db: Database
  readonly die: () => void
  readonly end: () => void
}

interface StartParts extends NodeSettings {
  readonly file: string
  readonly fuse: Fuse
  readonly random: ReturnType<typeof randomOf>
  readonly signer: ReturnType<typeof testSigner>
  readonly certificates: readonly SignedCertificate[]
  readonly byMs: () => number
  readonly boot: string
}

const startNode = (given: StartParts): Running => {
  const { node, machine, time, network, hub, fuse, random } = given
  const life = time.mortal()
  const startedMs = time.clock.monotonic()
  const boot = { id: given.boot, upMs: () => time.clock.monotonic() - startedMs }
  const parts = {
    crypto: fuse.crypto(seasonCrypto),
    clock: time.skewed(given.byMs),
    timers: fuse.timers(life.timers),
    random,
    signer: fuse.signer(given.signer),
    boot,
  }
  const db = openDatabase(given.file, LEDGER_SHAPE, { synchronous: 'FULL', walPages: 16, pagesMax: PAGES_MAX })
  const ledger = openEdgeLedger(db, parts, { node, zone: ZONE, software: 'season' })
  const stockroom = openStockroom({ ...parts, node, ledger, doors: [], zone: ZONE })
  const credentials = { countyKey: hub.countyKey, certificates: [...given.certificates, ...hub.certificates()] }
  const keyring = openKeyring(parts.crypto, credentials, ledger.exchange)
  let dead = false
  const look = () => {
    ledger.exchange.inspect(INSPECTED_ROWS)
    for (const found of ledger.exchange.found()) given.news(found)
    life.timers.after(INSPECTED_MS, look)
  }
  life.timers.after(INSPECTED_MS, look)
  const tell = (news: UplinkNews) => dead || given.news(news)
  const hubs = openHubs(keyring, (incarnation, obeyed) => tell({ is: 'two-hubs', incarnation, obeyed }))
  for (const address of hub.addresses())
    openUplink(
      { ...parts, openLink: (...asked) => fuse.line(network.linkOf({ node, machine, hub: address })(...asked)) },
      ledger,
      { node, software: 'season', keyring, devices: () => [], hubs },
      { changed: () => {}, refused: () => {}, news: tell, down: () => {} },
    )
  return {
    ledger,
    stockroom,
    db,
    die: () => {
      if (dead) return
      dead = true
      // A killed process says no farewell: its timers stop, its socket closes.
      life.die()
      network.cutOff(machine)
    },
    end: () => ledger.close(),
  }
}

/** As a node reads its own log, a little at a time. */
const INSPECTED_ROWS = 200
const INSPECTED_MS = 6_000
const ZONE = 'Asia/Shanghai'
/** Small enough to be filled in a moment: 4 MB. */
const PAGES_MAX = 1_024

const randomOf = (machine: string, seed: number) => {
  let drawn = 0
  return {
    bytes: (count: number) => {
      drawn += 1
      return testParts.sha256(testParts.utf8(`${machine} random ${seed} ${drawn}`)).subarray(0, count)
    },
    fraction: () => {
      drawn += 1
      return chance(seed, 6, drawn)
    },
  }
}
