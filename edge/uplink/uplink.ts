import { HAVE_MS } from '@lotkeeper/protocol/ledger/sender.ts'
import { type NodeId, STREAM_TO_ALL, type StreamId, streamOfNode, streamToNode } from '@lotkeeper/protocol/names.ts'
import { readBatch, writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { BIRTH, type BirthBody, DEATH, HAVE, type HaveBody, HUB_STATE } from '@lotkeeper/protocol/wire/have.ts'
import { HUB_STATE_TOPIC, type TopicName, topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import type { EdgeLedger } from '../ledger/contract.ts'
import type { EdgeParts, Link } from '../parts.ts'
import type { Keyring } from './keys.ts'
import { openNamedTimers } from './named-timers.ts'
import { openOutgoing } from './outgoing.ts'
import { newestHeld, type RefusedStretch, refusedOf, rememberedTips, surplusOf, tellable, toldTip } from './tips.ts'

/** Keeps the hub told: batches up, directives down, and what each side holds. Nothing waits for it, and nothing is lost without it. */
export interface Uplink {
  readonly state: () => LinkState
  /** What hangs on the node may have changed: the hub is told, if it did, in a birth of the same epoch. */
  readonly devicesChanged: () => void
  /** Says farewell if the line is up, and ends it. */
  readonly close: () => Promise<void>
}

/** The line as people see it: own entries booked by the hub, and waiting for it. */
export interface LinkState {
  readonly state: 'online' | 'offline'
  readonly sinceMs: number
  readonly lastHaveAtMs: number | null
  readonly waiting: number
  readonly booked: number
}

/** Something on the line that a person should know; each is told once. */
export type UplinkNews =
  | { readonly is: 'lost-tail'; readonly epoch: string; readonly from: number; readonly upto: number }
  | { readonly is: 'clone'; readonly epoch: string; readonly from: number }
  | { readonly is: 'fork'; readonly stream: string; readonly epoch: string; readonly from: number }
  | { readonly is: 'two-hubs'; readonly incarnation: number; readonly obeyed: number }
  | { readonly is: 'directive-refused'; readonly stream: string; readonly epoch: string; readonly from: number; readonly code: string }

export interface UplinkEvents {
  /** The link state is another; told at most every `TELL_MS`. */
  readonly changed: () => void
  /** What the hub refuses of this node, at each of its words; empty when nothing. */
  readonly refused: (stretches: readonly RefusedStretch[]) => void
  readonly news: (news: UplinkNews) => void
  /** The line went or did not come up. */
  readonly down: (why: string) => void
}

export interface UplinkOptions {
  readonly node: NodeId
  readonly software: string
  readonly keyring: Keyring
  readonly devices: () => BirthBody['devices']
}

type UplinkParts = Pick<EdgeParts, 'clock' | 'timers' | 'random' | 'openLink' | 'boot'>

export const openUplink = (parts: UplinkParts, ledger: EdgeLedger, options: UplinkOptions, on: UplinkEvents): Uplink => {
  const { clock } = parts
  const timers = openNamedTimers(parts.timers)
  const own = streamOfNode(options.node)
  const line: Line = { link: null, up: false, closed: false, sinceMs: clock.now(), lastHaveAtMs: null }
  const voice = openVoice(parts, ledger, options, line)
  const outgoing = openOutgoing(parts, ledger.exchange, timers, {
    own,
    streams: streamsOf(options.node),
    remembered: rememberedTips(ledger.exchange.noted().heldByHub, own),
    publish: voice.batch,
  })
  const changed = () => timers.once('changed', TELL_MS, on.changed)
  const telling = openTelling(parts, timers, () => line.up && voice.have(outgoing.waiting()))
  const ear = openEar(parts, ledger, options, { ...on, news: once(on.news) })
  const turn = (up: boolean) => {
    if (line.up !== up) line.sinceMs = clock.now()
    line.up = up
    if (up) outgoing.begin()
    else outgoing.end()
    changed()
  }
  line.link = parts.openLink(
    {
      up: () => {
        if (line.closed) return
        turn(true)
        voice.birth()
        telling.now()
      },
      down: (why) => {
        if (line.closed) return
        turn(false)
        telling.stop()
        on.down(why)
      },
      message: (topic, payload) => {
        if (line.closed) return
        if (topic === topicOf('downLog', options.node) && ear.batch(payload)) telling.soon()
        if (topic === HUB_STATE_TOPIC && ear.state(payload)) telling.soon()
        const have = topic === topicOf('downHave', options.node) ? ear.have(payload) : null
        if (!have) return
        line.lastHaveAtMs = clock.now()
        outgoing.told(have.tips)
        changed()
      },
    },
    { topic: topicOf('death', options.node), payload: voice.death('lost') },
  )
  const leave = ledger.follow(() => {
    outgoing.pump()
    changed()
  })
  return {
    state: () => {
      const waiting = outgoing.waiting()
      const held = ledger.exchange.tips([own]).reduce((sum, tip) => sum + tip.held, 0)
      return {
        state: line.up ? 'online' : 'offline',
        sinceMs: line.sinceMs,
        lastHaveAtMs: line.lastHaveAtMs,
        waiting,
        booked: held - waiting,
      }
    },
    devicesChanged: () => timers.once('devices', DEVICES_MS, () => line.up && voice.renew()),
    close: async () => {
      if (line.closed) return
      line.closed = true
      leave()
      telling.stop()
      timers.clear('changed', 'resend', 'devices')
      if (line.up) await Promise.race([voice.farewell(), new Promise<void>((resolve) => void parts.timers.after(FAREWELL_MS, resolve))])
      await line.link?.close()
    },
  }
}

/** The page shows the link to people; a cart of boxes is one change. */
const TELL_MS = 200
/** A quiet line still says every few seconds what it holds; jittered, or a county speaks in step. */
const HEARTBEAT_MS = 10_000
const FAREWELL_MS = 1_000
/** A reader that starts passes through several states; the hub is told the one it stays in. */
const DEVICES_MS = 2_000
/** A `have` holds no more; tips that other epochs go on from are not told. */
const TIPS_MAX = 256

interface Line {
  link: Link | null
  up: boolean
  closed: boolean
  sinceMs: number
  lastHaveAtMs: number | null
}

/** Streams a node holds: its own, and what the hub tells it and everybody. */
const streamsOf = (node: NodeId): readonly StreamId[] => [streamOfNode(node), streamToNode(node), STREAM_TO_ALL]

/** Everything a node says, in its envelope. */
const openVoice = (parts: UplinkParts, ledger: EdgeLedger, { node, software, devices }: UplinkOptions, line: Line) => {
  const now = () => new Date(parts.clock.now()).toISOString()
  const head = (id: string) => ({ id, source: `lotkeeper/${node}`, time: now() })
  const epoch = () => ledger.head().epoch
  const publish = (name: TopicName, payload: string) => line.link?.publish(topicOf(name, node), payload) ?? Promise.resolve()
  /** A line that breaks meanwhile says so itself. */
  const say = (name: TopicName, payload: string) => publish(name, payload).catch(() => {})
  let told = ''
  const birth = () => {
    const body: BirthBody = { node, epoch: epoch(), software, boot: parts.boot.id, at: now(), devices: [...devices()] }
    told = JSON.stringify(body.devices)
    void say('birth', BIRTH.write(head(`birth/${body.epoch}/${body.at}`), body))
  }
  const death = (why: 'closed' | 'lost') => DEATH.write(head(`death/${epoch()}/${why}`), { node, epoch: epoch(), why })
  return {
    batch: (batch: Parameters<typeof writeBatch>[0]) => publish('upLog', writeBatch(batch, { source: `lotkeeper/${node}`, time: now() })),
    birth,
    renew: () => {
      if (JSON.stringify(devices()) !== told) birth()
    },
    have: (waiting: number) => {
      const tips = ledger.exchange.tips(streamsOf(node))
      const told = tellable(tips, streamOfNode(node), ledger.exchange.noted().heldByHub).slice(-TIPS_MAX)
      const body: HaveBody = { tips: told.map(toldTip), at: now(), waiting }
      void say('upHave', HAVE.write(head(`have/${epoch()}/${body.at}`), body))
    },
    death,
    farewell: () => say('death', death('closed')),
  }
}

/** When a `have` goes out: at most one within `HAVE_MS`, at least one per heartbeat while the line is up. */
const openTelling = ({ clock, random }: UplinkParts, timers: ReturnType<typeof openNamedTimers>, tell: () => void) => {
  let toldAt = Number.NEGATIVE_INFINITY
  const now = () => {
    toldAt = clock.monotonic()
    timers.clear('have')
    timers.set('heartbeat', HEARTBEAT_MS * (0.8 + 0.4 * random.fraction()), now)
    tell()
  }
  return {
    now,
    soon: () => timers.once('have', Math.max(0, toldAt + HAVE_MS - clock.monotonic()), now),
    stop: () => timers.clear('have', 'heartbeat'),
  }
}

/** Everything a node hears, judged. Answers whether it calls for a `have`, or what was told; what is no such message is passed over. */
const openEar = ({ clock }: UplinkParts, { exchange, head }: EdgeLedger, { node, keyring }: UplinkOptions, on: UplinkEvents) => {
  const own = streamOfNode(node)
  return {
    batch: (payload: string): boolean => {
      const batch = readBatch(payload)
      if (!batch) return false
      const { stream, epoch } = batch
      const judged = exchange.take(batch, keyring.keyFor(stream, batch.key))
      if (judged.is === 'refused') on.news({ is: 'directive-refused', stream, epoch, from: judged.from, code: judged.code })
      if (judged.is === 'fork' && stream === own && epoch === head().epoch) on.news({ is: 'clone', epoch, from: judged.at })
      else if (judged.is === 'fork') on.news({ is: 'fork', stream, epoch, from: judged.at })
      return true
    },
    state: (payload: string): boolean => {
      const state = HUB_STATE.read(payload)
      const certificate = state && keyring.learn(state.body)
      if (certificate?.role !== 'hub') return false
      const obeyed = Math.max(...keyring.hub().map((one) => one.incarnation))
      if (certificate.incarnation < obeyed) on.news({ is: 'two-hubs', incarnation: certificate.incarnation, obeyed })
      return true
    },
    have: (payload: string): HaveBody | null => {
      const body = HAVE.read(payload)?.body ?? null
      if (!body) return null
      const tips = exchange.tips([own])
      const heldByHub = newestHeld(tips, body.tips)
      exchange.note({ hubAtMs: Date.parse(body.at), ...(heldByHub ? { heldByHub } : {}) })
      on.refused(refusedOf(body.tips, own, clock.now()))
      for (const surplus of surplusOf(tips, body.tips, own)) {
        const { epoch, from } = surplus
        on.news(epoch === head().epoch ? { is: 'clone', epoch, from } : { is: 'lost-tail', ...surplus })
      }
      return body
    },
  }
}

const once = (tell: UplinkEvents['news']): UplinkEvents['news'] => {
  const told = new Set<string>()
  return (news) => {
    const name = JSON.stringify(news)
    if (told.has(name)) return
    if (told.size >= NEWS_MAX) told.clear()
    told.add(name)
    tell(news)
  }
}
const NEWS_MAX = 1_000
