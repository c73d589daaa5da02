import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import type { Network } from '@lotkeeper/deploy/simulators/network.ts'
import type { VirtualTime } from '@lotkeeper/deploy/simulators/time.ts'
import { type HubIdentity, openIdentity } from '@lotkeeper/hub/access/identity.ts'
import { openStanding } from '@lotkeeper/hub/access/standing.ts'
import type { Broker } from '@lotkeeper/hub/broker/broker.ts'
import { type OpenedDatabase, openDatabase } from '@lotkeeper/hub/database.ts'
import { openIngest } from '@lotkeeper/hub/ingest/ingest.ts'
import type { HubLedger } from '@lotkeeper/hub/ledger/contract.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '@lotkeeper/hub/ledger/sqlite/schema.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { HUB_STATE } from '@lotkeeper/protocol/wire/have.ts'
import { HUB_STATE_TOPIC } from '@lotkeeper/protocol/wire/topics.ts'
import { testParts, type testSigner } from '../parts.ts'
import { openCopyDevice } from './copy-device.ts'
import { remembering, seasonCrypto } from './crypto.ts'
import { openFuse } from './fuse.ts'
import { closeAsIfCut, type Image, imageOf, putImage } from './image.ts'
import { openKeyCabinet } from './keys.ts'
import type { Machine } from './machine.ts'

/** One machine of a hub: the production ledger, standing and ingest on a real file, at an address of its own. */
export interface HubMachine extends Machine<Promise<void>> {
  readonly running: () => RunningHub | null
  readonly keys: ReturnType<typeof openKeyCabinet>
  readonly copy: ReturnType<typeof openCopyDevice>
  /** Where it listens from its next start on. */
  readonly moveTo: (address: string) => void
}

export interface RunningHub {
  readonly ledger: HubLedger
  readonly opened: OpenedDatabase
  readonly identity: HubIdentity
  /** Nothing of it is heard or seen from now on. */
  readonly die: () => void
  readonly end: () => Promise<void>
}

export interface HubMachineParts {
  /** The box; no two draw the same numbers. */
  readonly name: string
  readonly file: string
  readonly copyFolder: string
  readonly seed: number
  readonly address: string
  readonly county: ReturnType<typeof testSigner>
  readonly time: VirtualTime
  readonly network: Network
}

export const openHubMachine = (given: HubMachineParts): HubMachine => {
  const { file, seed } = given
  const fuse = openFuse()
  const keys = openKeyCabinet(testParts.sha256(testParts.utf8(`hub ${seed}`)))
  const copy = openCopyDevice(given.copyFolder)
  const random = randomOf(`${seed} ${given.name}`, seed)
  let { address } = given
  let running: RunningHub | null = null
  let crash: { readonly db: Image; readonly keys: ReadonlyMap<string, string>; readonly copied: number } | null = null
  return {
    keys,
    copy,
    running: () => running,
    isUp: () => running !== null && crash === null,
    start: async () => {
      running = await startHub({ ...given, address, fuse, keys, copy, random })
    },
    crashAfter: (calls, ports) =>
      fuse.light(
        calls,
        () => {
          if (!running) return
          crash = { db: imageOf(file), keys: keys.image(), copied: copy.length() }
          running.die()
        },
        ports,
      ),
    calls: fuse.calls,
    steady: fuse.out,
    crashed: () => crash !== null,
    kill: async () => {
      fuse.out()
      if (!running) return
      const { die, end, ledger } = running
      die()
      await end()
      closeAsIfCut(file, () => void ledger.close(), crash?.db ?? null)
      running = null
      if (crash) {
        keys.put(crash.keys)
        copy.cutTo(crash.copied)
      }
      crash = null
    },
    image: () => imageOf(file),
    put: (image) => putImage(file, image),
    moveTo: (to) => {
      address = to
    },
  }
}

interface StartParts extends HubMachineParts {
  readonly fuse: ReturnType<typeof openFuse>
  readonly keys: ReturnType<typeof openKeyCabinet>
  readonly copy: ReturnType<typeof openCopyDevice>
  readonly random: ReturnType<typeof randomOf>
}

const startHub = async (given: StartParts): Promise<RunningHub> => {
  const { time, network, county, random, address, fuse } = given
  const life = time.mortal()
  const crypto = fuse.crypto(seasonCrypto)
  const identity = openIdentity(given.keys.folder, seasonCrypto, { county, tlsKey: 'A'.repeat(64), nowMs: FIRST_MS })
  const epoch = hexOf(random.bytes(8)).toLowerCase()
  const opened = openDatabase(given.file, FORM, DATABASE_MB)
  const ledger = openLedgerHere(opened, {
    ...{ crypto, epoch, signer: fuse.signer(remembering(identity.now().signer)), countyKey: county.publicKey },
    ...{ now: time.clock.now, upMs: time.clock.monotonic, zone: 'Asia/Shanghai', software: 'season', transitDueMs: 86_400_000 },
    secondCopy: given.copy.folder(),
  })
  let failed: unknown = null
  let dead = false
  let broker: Broker | null = null
  const fail = (why: unknown) => {
    if (!dead) failed = failed ?? why
  }
  const timers = fuse.timers(life.timers)
  const parts = { clock: time.clock, timers, random, crypto }
  const sayWho = () => {
    const at = new Date(time.clock.now()).toISOString()
    const { certificate, incarnation } = identity.now()
    const state = { epoch, incarnation, at, ...certificate }
    broker?.publish(HUB_STATE_TOPIC, HUB_STATE.write({ id: `state-${epoch}`, source: '/hub', time: at }, state), true)
  }
  const standing = openStanding({ parts, identity, ledger, told: sayWho })
  await standing.open()
  const brokerNow = (): Broker => {
    if (!broker) throw new Error('the broker speaks before it is opened')
    return broker
  }
  const ingest = openIngest(parts, ledger, brokerNow, fail, standing)
  broker = fuse.line(network.openBroker({ ...ingest.events, roster: () => {} }, address))
  sayWho()
  const sweep = () => {
    timers.after(SWEEP_MS, sweep)
    ledger.sweep(time.clock.now()).catch(fail)
  }
  timers.after(SWEEP_MS, sweep)
  return {
    ledger,
    opened,
    identity,
    die: () => {
      if (dead) return
      dead = true
      life.die()
      ingest.close()
      network.hubDied(address)
    },
    end: async () => {
      // What is under way in this turn goes on to its end, unheard.
      await new Promise<void>((resolve) => setImmediate(resolve))
      if (failed) throw failed
    },
  }
}

const FORM = { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA }
/** Small enough to be filled in a moment. */
const DATABASE_MB = 8
/** The county's first day; what a restart certifies anew it would date by its clock. */
const FIRST_MS = Date.parse('2026-11-22T00:00:00.000Z')
/** A season is over in minutes: what a hub does every minute is done more often here. */
const SWEEP_MS = 15_000

const randomOf = (name: string, seed: number) => {
  let drawn = 0
  return {
    bytes: (count: number) => {
      drawn += 1
      return testParts.sha256(testParts.utf8(`hub random ${name} ${drawn}`)).subarray(0, count)
    },
    fraction: () => {
      drawn += 1
      return chance(seed, 5, drawn)
    },
  }
}
