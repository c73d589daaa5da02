import { join } from 'node:path'
import { newAction } from '@lotkeeper/deploy/county/client.ts'
import type { County } from '@lotkeeper/deploy/county/county.ts'
import { DEMO_ROOMS } from '@lotkeeper/deploy/demo/stock.ts'
import { openCrypto, openSigner } from '@lotkeeper/edge/crypto.ts'
import { joinCounty } from '@lotkeeper/edge/join/join.ts'
import { type EnrolledKeys, openKeys } from '@lotkeeper/edge/join/keys.ts'
import type { Link } from '@lotkeeper/edge/parts.ts'
import { openMqtt } from '@lotkeeper/edge/uplink/mqtt.ts'
import { WINDOW_BATCHES } from '@lotkeeper/protocol/ledger/sender.ts'
import type { Signer } from '@lotkeeper/protocol/parts.ts'
import { readCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { DEATH, HAVE } from '@lotkeeper/protocol/wire/have.ts'
import { topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import type { Load } from './workload.ts'

/** A node without doors: enrolled for real, with keys and certificates of its own. */
export interface Hand {
  readonly node: string
  readonly signer: Signer
  readonly keys: EnrolledKeys
}

const crypto = openCrypto()

/** Enrols nodes at a running county, each by a one-time code of the hub. */
export const enrolCrew = async (county: County, nodes: readonly string[]): Promise<readonly Hand[]> => {
  const client = await county.hubClient()
  const hub = String(county.hub().ready['https'])
  return Promise.all(
    nodes.map(async (node) => {
      const rooms = DEMO_ROOMS.map((room) => ({ ...room, name: { ...room.name } }))
      const { code } = await client.get('createEnrolment', { action: newAction(), node, name: { zh: node, en: node }, rooms })
      const folder = join(county.home, node, 'keys')
      await joinCounty(crypto, { hub, code, folder, node: null, replace: false, names: [] })
      const { signing, enrolled } = openKeys(folder)
      if (!enrolled) throw new Error(`${node} was not enrolled`)
      return { node, signer: openSigner(crypto, signing), keys: enrolled }
    }),
  )
}

/** A node's line to a broker, up. */
export interface Line {
  /** Sends all batches, as many at a time as a node may have on their way; resolves with the last PUBACK. */
  readonly send: (load: Load) => Promise<void>
  /** Resolves when the other side says that it holds all of it. */
  readonly held: (load: Load) => Promise<void>
  /** One batch; resolves with its PUBACK. */
  readonly publish: (payload: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** Connects a node to a broker that presents the hub's certificate. */
export const openLine = async ({ node, keys }: Hand, url: string): Promise<Line> => {
  const holders = new Set<(payload: string) => void>()
  const hubKeys = keys.certificates.flatMap((signed) => readCertificate(crypto, keys.countyKey, signed)?.tlsKey ?? [])
  const open = openMqtt({ url, node, papers: () => keys.tls, authority: keys.authority, hubKeys: () => hubKeys }, PARTS)
  const { link, up } = await connected(node, open, (topic, payload) => {
    if (topic === topicOf('downHave', node)) for (const holder of holders) holder(payload)
  })
  await up
  const publish = (payload: string) => link.publish(topicOf('upLog', node), payload)
  return {
    publish,
    send: async ({ payloads }) => {
      const waiting = payloads.values()
      const sendOn = async () => {
        for (const payload of waiting) await publish(payload)
      }
      await Promise.all(Array.from({ length: WINDOW_BATCHES }, sendOn))
    },
    held: (load) =>
      new Promise((resolve) => {
        const holder = (payload: string) => {
          const tip = HAVE.read(payload)?.body.tips.find(({ epoch }) => epoch === load.epoch)
          if ((tip?.held ?? 0) < load.entries) return
          holders.delete(holder)
          resolve()
        }
        holders.add(holder)
      }),
    close: link.close,
  }
}

const connected = async (node: string, open: ReturnType<typeof openMqtt>, message: (topic: string, payload: string) => void) => {
  const { promise: up, resolve, reject } = Promise.withResolvers<void>()
  const death = DEATH.write({ id: `death-${node}`, source: `lotkeeper/${node}`, time: NOW }, { node, epoch: '0'.repeat(16), why: 'lost' })
  const link: Link = open(
    { up: resolve, down: (why) => reject(new Error(`${node}: ${why}`)), message },
    { topic: topicOf('death', node), payload: death },
  )
  return { link, up }
}

const NOW = '2026-11-22T01:02:04.000Z'
const PARTS = {
  clock: { now: Date.now, monotonic: () => performance.now() },
  timers: {
    after: (ms: number, run: () => void) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  },
  random: { bytes: (count: number) => globalThis.crypto.getRandomValues(new Uint8Array(count)), fraction: Math.random },
}
