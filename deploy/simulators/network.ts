import type { OpenLink } from '@lotkeeper/edge/parts.ts'
import type { Broker, BrokerEvents } from '@lotkeeper/hub/broker/broker.ts'
import { openTakeovers, type Takeovers } from '@lotkeeper/hub/broker/takeovers.ts'
import { HUB, type NodeId } from '@lotkeeper/protocol/names.ts'
import { HUB_STATE_TOPIC, mayPublish, readTopic } from '@lotkeeper/protocol/wire/topics.ts'
import { chance } from './field-chance.ts'
import type { VirtualTime } from './time.ts'

/** What the network does to messages; chances 0..1 per message or per second. */
export interface Weather {
  readonly delayMs: readonly [least: number, most: number]
  /** A message arrives twice, as QoS 1 allows. */
  readonly doubled: number
  /** The line breaks just when a message is under way: it may have arrived or not, and nobody was told. */
  readonly broken: number
  /** How long a broken line stays away. */
  readonly awayMs: readonly [least: number, most: number]
  /** A message is overtaken by later ones. */
  readonly overtaken: number
  /** Somebody in the middle changes one letter of a batch. */
  readonly tampered: number
}

export const CALM: Weather = { delayMs: [1, 5], doubled: 0, broken: 0, awayMs: [100, 100], overtaken: 0, tampered: 0 }
export const STORM: Weather = { delayMs: [1, 400], doubled: 0.1, broken: 0.03, awayMs: [200, 8_000], overtaken: 0.1, tampered: 0.02 }

/** Counts of what it did: two runs of one seed must agree in all of them. */
export interface NetworkCounts {
  messages: number
  /** Of these: what says who holds what, and what brings entries. */
  haves: number
  batches: number
  doubled: number
  broken: number
  overtaken: number
  lost: number
  tampered: number
  /** Connections that came up. */
  connected: number
}

/** Who speaks to which hub: machines may share a node's name (a copied card), and a county may have two hubs for a while. */
export interface LineEnds {
  readonly node: NodeId
  /** The box; by default the only one of its name. */
  readonly machine?: string
  readonly hub?: string
}

/** A network between hubs and nodes in one process: loses, doubles, delays, reorders, breaks; all of it follows from the seed. */
export interface Network {
  /** A hub's side. While that hub is down nobody answers at its address. */
  readonly openBroker: (on: BrokerEvents, at?: string) => Broker
  readonly linkOf: (ends: LineEnds) => OpenLink
  readonly weather: (weather: Weather) => void
  /** Cuts a machine off, or lets it back. */
  readonly partition: (machine: string, cut: boolean) => void
  /** A machine's process died: its ends of the lines are gone for good, without a word. */
  readonly cutOff: (machine: string) => void
  /** A hub's process died, at this very moment. */
  readonly hubDied: (at?: string) => void
  /** Every line breaks now: a broker started anew, or a storm. */
  readonly breakAll: () => void
  /** Somebody with this node's name and rights says something to the hub. */
  readonly intrude: (node: NodeId, topic: string, payload: string) => void
  readonly counts: () => Readonly<NetworkCounts>
}

export const openNetwork = (seed: number, time: VirtualTime): Network => {
  const air: Air = {
    seed,
    time,
    weather: CALM,
    drawn: 0,
    hubs: new Map(),
    ends: new Set(),
    cut: new Set(),
    counts: { messages: 0, haves: 0, batches: 0, doubled: 0, broken: 0, overtaken: 0, lost: 0, tampered: 0, connected: 0 },
  }
  return {
    openBroker: (on, at = HUB) => brokerAt(air, at, on),
    linkOf: (ends) => (on) => linkIn(air, ends, on),
    weather: (weather) => {
      air.weather = weather
    },
    partition: (machine, cut) => {
      if (cut) air.cut.add(machine)
      else air.cut.delete(machine)
      for (const end of endsOf(air, machine)) {
        if (cut) goDown(air, end, 'partition')
        else comeUp(air, end)
      }
    },
    cutOff: (machine) => {
      for (const end of endsOf(air, machine)) {
        end.closed = true
        air.ends.delete(end)
        if (end.up) hubOf(air, end)?.on.gone(end.node)
        end.up = false
        end.epoch += 1
      }
    },
    hubDied: (at = HUB) => hubGone(air, at),
    breakAll: () => {
      for (const end of [...air.ends]) if (end.up) breakLine(air, end)
    },
    intrude: (node, topic, payload) => {
      const on = air.hubs.get(HUB)?.on
      if (!on) return
      if (!mayPublish(node, topic)) on.offence(node, 'topic-forged', topic)
      else if (readTopic(topic)?.name === 'upLog') void on.log(node, Buffer.from(payload, 'utf8'))
    },
    counts: () => air.counts,
  }
}

interface End {
  readonly node: NodeId
  readonly machine: string
  readonly hub: string
  readonly on: Parameters<OpenLink>[0]
  up: boolean
  /** Rises with every break: what was under way belongs to an older one and arrives no more. */
  epoch: number
  closed: boolean
  readonly waiting: Set<(why: Error) => void>
}

interface HubEnd {
  readonly on: BrokerEvents
  readonly retained: Map<string, string>
  readonly takeovers: Takeovers
}

interface Air {
  readonly seed: number
  readonly time: VirtualTime
  weather: Weather
  drawn: number
  readonly hubs: Map<string, HubEnd>
  readonly ends: Set<End>
  readonly cut: Set<string>
  readonly counts: NetworkCounts
}

const draw = (air: Air): number => {
  air.drawn += 1
  return chance(air.seed, air.drawn)
}
const between = (air: Air, [least, most]: readonly [number, number]): number => least + Math.floor(draw(air) * (most - least + 1))

const hubOf = (air: Air, end: End): HubEnd | undefined => air.hubs.get(end.hub)
const endsOf = (air: Air, machine: string): readonly End[] => [...air.ends].filter((end) => end.machine === machine)
const endsAt = (air: Air, hub: string): readonly End[] => [...air.ends].filter((end) => end.hub === hub)

const brokerAt = (air: Air, at: string, on: BrokerEvents): Broker => {
  const hub: HubEnd = { on, retained: new Map(), takeovers: openTakeovers() }
  air.hubs.set(at, hub)
  for (const end of endsAt(air, at)) comeUp(air, end)
  return {
    port: 0,
    publish: (topic, payload, retain) => {
      // A process that died says nothing more, whatever its last turn still calls.
      if (air.hubs.get(at) !== hub) return
      if (retain) hub.retained.set(topic, payload)
      for (const end of endsAt(air, at))
        if (topic === HUB_STATE_TOPIC || readTopic(topic)?.node === end.node) toNode(air, end, topic, payload)
    },
    online: () =>
      endsAt(air, at)
        .filter((end) => end.up)
        .map((end) => end.node),
    holdOff: (node) => hub.takeovers.holdOff(node, air.time.clock.now()),
    dropRevoked: () => {},
    showCertificate: () => {},
    drop: (node) => {
      for (const end of endsAt(air, at)) if (end.node === node && end.up) breakLine(air, end)
    },
    close: async () => {
      if (air.hubs.get(at) === hub) hubGone(air, at)
    },
  }
}

const hubGone = (air: Air, at: string): void => {
  air.hubs.delete(at)
  for (const end of endsAt(air, at)) goDown(air, end, 'hub closed')
}

const linkIn = (air: Air, { node, machine = node, hub = HUB }: LineEnds, on: End['on']): ReturnType<OpenLink> => {
  const end: End = { node, machine, hub, on, up: false, epoch: 0, closed: false, waiting: new Set() }
  air.ends.add(end)
  air.time.timers.after(1, () => comeUp(air, end))
  return {
    publish: (topic, payload) => fromNode(air, end, topic, payload),
    close: async () => {
      goDown(air, end, 'closed')
      end.closed = true
      air.ends.delete(end)
    },
  }
}

const comeUp = (air: Air, end: End): void => {
  const hub = hubOf(air, end)
  if (end.up || end.closed || !hub || air.cut.has(end.machine)) return
  const present = endsAt(air, end.hub).find((one) => one.up && one.node === end.node)
  if (present && !hub.takeovers.mayTake(end.node, air.time.clock.now())) {
    hub.on.offence(end.node, 'two-clients', end.machine)
    air.time.timers.after(between(air, RETRY_MS), () => comeUp(air, end))
    return
  }
  if (present) {
    goDown(air, present, 'displaced')
    air.time.timers.after(between(air, RETRY_MS), () => comeUp(air, present))
  }
  end.up = true
  air.counts.connected += 1
  end.on.up()
  hub.on.listening(end.node)
  for (const [topic, payload] of hub.retained) toNode(air, end, topic, payload)
}
/** How long a refused or displaced client waits before it tries again. */
const RETRY_MS = [1_000, 5_000] as const

const goDown = (air: Air, end: End, why: string): void => {
  if (!end.up) return
  end.up = false
  end.epoch += 1
  for (const reject of end.waiting) reject(new Error(why))
  end.waiting.clear()
  end.on.down(why)
  hubOf(air, end)?.on.gone(end.node)
}

/** Breaks the line now and lets it come back by itself. */
const breakLine = (air: Air, end: End): void => {
  air.counts.broken += 1
  const awayMs = between(air, air.weather.awayMs)
  goDown(air, end, 'broken')
  air.time.timers.after(awayMs, () => comeUp(air, end))
}

const delayOf = (air: Air): number => {
  const ms = between(air, air.weather.delayMs)
  if (draw(air) >= air.weather.overtaken) return ms
  air.counts.overtaken += 1
  return ms + 3 * air.weather.delayMs[1]
}

const copiesOf = (air: Air): number => {
  if (draw(air) >= air.weather.doubled) return 1
  air.counts.doubled += 1
  return 2
}

/** Runs `arrive` when the message gets there, on the same connection it left on. */
const travel = (air: Air, end: End, topic: string, arrive: () => void): void => {
  air.counts.messages += 1
  if (topic.endsWith('/have')) air.counts.haves += 1
  if (topic.endsWith('/log')) air.counts.batches += 1
  const { epoch } = end
  if (draw(air) < air.weather.broken) {
    // Half of what was under way when the line broke did arrive.
    if (draw(air) < 0.5) arrive()
    else air.counts.lost += 1
    breakLine(air, end)
    return
  }
  for (let copy = copiesOf(air); copy > 0; copy -= 1) {
    air.time.timers.after(delayOf(air), () => {
      if (end.epoch === epoch && end.up) arrive()
      else air.counts.lost += 1
    })
  }
}

/** One letter of a batch is another one. What only says who holds what is not signed, so nobody is asked to notice a change there. */
const meddled = (air: Air, payload: string): string => {
  if (draw(air) >= air.weather.tampered) return payload
  air.counts.tampered += 1
  const at = Math.floor(draw(air) * payload.length)
  const letter = payload[at] === '7' ? '3' : '7'
  return `${payload.slice(0, at)}${letter}${payload.slice(at + 1)}`
}

const toNode = (air: Air, end: End, topic: string, payload: string): void => {
  if (!end.up) return
  const read = readTopic(topic)
  const said = read?.name === 'downLog' ? meddled(air, payload) : payload
  travel(air, end, topic, () => {
    end.on.message(topic, said)
    if (read) air.time.timers.after(1, () => hubOf(air, end)?.on.acknowledged(end.node, read.name))
  })
}

const fromNode = (air: Air, end: End, topic: string, payload: string): Promise<void> => {
  const read = readTopic(topic)
  if (!end.up || !read || !mayPublish(end.node, topic)) return Promise.reject(new Error('line is down'))
  const said = read.name === 'upLog' ? meddled(air, payload) : payload
  return new Promise((resolve, reject) => {
    const give = (why: Error) => reject(why)
    end.waiting.add(give)
    const { epoch } = end
    travel(air, end, topic, () => {
      const hub = hubOf(air, end)?.on
      const acknowledge = () =>
        air.time.timers.after(1, () => {
          if (end.epoch !== epoch) return
          end.waiting.delete(give)
          resolve()
        })
      const bytes = Buffer.from(said, 'utf8')
      if (read.name === 'upLog') void hub?.log(end.node, bytes).then(acknowledge)
      else {
        if (read.name === 'upHave') hub?.have(end.node, bytes)
        if (read.name === 'birth') hub?.birth(end.node, bytes)
        if (read.name === 'upCertificate') hub?.certificate(end.node, bytes)
        if (read.name === 'upDigest') hub?.digest(end.node, bytes)
        if (read.name === 'upRoster') hub?.roster(end.node, bytes)
        if (read.name === 'death') hub?.death(end.node, bytes)
        acknowledge()
      }
    })
  })
}
