import { HAVE_MS } from '@lotkeeper/protocol/ledger/sender.ts'
import { type NodeId, streamOfNode } from '@lotkeeper/protocol/names.ts'
import type { BirthBody } from '@lotkeeper/protocol/wire/have.ts'
import { HUB_STATE_TOPIC, topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import type { EdgeLedger } from '../ledger/contract.ts'
import type { EdgeParts, Link } from '../parts.ts'
import { openDigests } from './digests.ts'
import { openEar } from './ear.ts'
import { type Hubs, openHubs } from './hubs.ts'
import type { Keyring } from './keys.ts'
import { openNamedTimers } from './named-timers.ts'
import { openNews, type UplinkNews } from './news.ts'
import { openOutgoing } from './outgoing.ts'
import { openRosterAsks, type RosterLine } from './rosters.ts'
import { isWhole, type RefusedStretch, rememberedTips, streamsOf } from './tips.ts'
import { openVain } from './vain.ts'
import { openVoice } from './voice.ts'

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
  /** Whether the hub at the other end is the one that is obeyed; only its word makes an entry booked. */
  readonly obeyed: boolean
}

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
  /** Shared by the lines of a node that has several; without it this is the only one. */
  readonly hubs?: Hubs
  /** Who may sign in here, as the county tells it. */
  readonly roster?: RosterLine | null
}

type UplinkParts = Pick<EdgeParts, 'clock' | 'timers' | 'random' | 'openLink' | 'boot' | 'signer'>

export const openUplink = (parts: UplinkParts, ledger: EdgeLedger, options: UplinkOptions, on: UplinkEvents): Uplink => {
  const { clock } = parts
  const { node, keyring } = options
  const timers = openNamedTimers(parts.timers)
  const own = streamOfNode(node)
  const news = openNews(on.news)
  const hubs = options.hubs ?? openHubs(keyring, (incarnation, obeyed) => news({ is: 'two-hubs', incarnation, obeyed }))
  const hub = hubs.open()
  const line: Line = { link: null, up: false, closed: false, sinceMs: clock.now(), lastHaveAtMs: null }
  const vain = openVain(clock)
  const voice = openVoice(parts, ledger, options, { link: () => line.link, vain })
  const digests = openDigests(parts, node, ledger.exchange, { say: voice.digest, news })
  const rosters = openRosterAsks(timers, options.roster ?? null, (body) =>
    hub.obeyed() ? voice.rosterAsk(body) : Promise.reject(new Error('another hub is obeyed')),
  )
  const outgoing = openOutgoing(parts, ledger.exchange, timers, {
    own,
    streams: () => streamsOf(node, ledger.read.passed()),
    remembered: rememberedTips(ledger.exchange.noted().heldByHub, own),
    publish: voice.batch,
    // What the hub refused under the old key comes again under the new one.
    again: (code) => code === 'wire.key-revoked' && !ledger.exchange.revoked().includes(parts.signer.key),
  })
  const changed = () => timers.once('changed', TELL_MS, on.changed)
  const telling = openTelling(parts, timers, () => line.up && voice.have(outgoing.waiting()))
  const ear = openEar(parts, ledger, { node, keyring, hub, vain }, { news, refused: on.refused })
  const turn = (up: boolean) => {
    if (line.up !== up) line.sinceMs = clock.now()
    line.up = up
    if (up) {
      vain.forget()
      digests.begin()
      outgoing.begin()
      rosters.begin()
    } else {
      hub.gone()
      rosters.end()
      outgoing.end()
    }
    changed()
  }
  const told = (payload: string) => {
    const have = ear.have(payload)
    if (!have) return
    // The hub does not know a key of ours: put back to an older state it may have forgotten that we were ever certified.
    const unknown = have.tips.some((tip) => tip.stream === own && tip.refused.some(({ code }) => code === 'wire.key-unknown'))
    if (unknown) for (const signed of keyring.of(node)) voice.certificate(signed)
    // Nor need it ever have heard of the hub that is obeyed in its place: it rises above that one at its next start (P-018).
    const above = hub.overruledBy()
    if (above) voice.certificate(above)
    outgoing.told(have.tips)
    ear.tellFound()
    if (!hub.obeyed()) return
    line.lastHaveAtMs = clock.now()
    // A book that waits for a part of its past is another one by nature, and so it is to a hub that does not know yet that the part came.
    const whole = isWhole(ledger.exchange.tips([own]), ledger.exchange.toldTips([own], vain.has), have.tips)
    if (whole && outgoing.waiting() === 0 && !telling.waits()) digests.quiet()
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
        if (topic === topicOf('downLog', node) && ear.batch(payload)) telling.soon()
        if (topic === HUB_STATE_TOPIC && ear.state(payload)) telling.soon()
        if (topic === topicOf('downHave', node)) told(payload)
        if (topic === topicOf('downDigest', node) && hub.obeyed()) digests.asked(payload)
        if (topic === topicOf('downRoster', node) && hub.obeyed()) options.roster?.take(payload)
      },
    },
    { topic: topicOf('death', node), payload: voice.death('lost') },
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
        obeyed: hub.obeyed(),
      }
    },
    devicesChanged: () => timers.once('devices', DEVICES_MS, () => line.up && voice.renew()),
    close: async () => {
      if (line.closed) return
      line.closed = true
      leave()
      telling.stop()
      rosters.close()
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

interface Line {
  link: Link | null
  up: boolean
  closed: boolean
  sinceMs: number
  lastHaveAtMs: number | null
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
    /** Something it holds is not told yet. */
    waits: () => timers.waits('have'),
    stop: () => timers.clear('have', 'heartbeat'),
  }
}
