import type { OpenLink } from '@lotkeeper/edge/parts.ts'
import type { Broker, BrokerEvents } from '@lotkeeper/hub/broker/broker.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
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
}

export const CALM: Weather = { delayMs: [1, 5], doubled: 0, broken: 0, awayMs: [100, 100], overtaken: 0 }
export const STORM: Weather = { delayMs: [1, 400], doubled: 0.1, broken: 0.03, awayMs: [200, 8_000], overtaken: 0.1 }

/** Counts of what it did: two runs of one seed must agree in all of them. */
export interface NetworkCounts {
  messages: number
  doubled: number
  broken: number
  overtaken: number
  lost: number
}

/** A network between one hub and its nodes in one process: loses, doubles, delays, reorders, breaks; all of it follows from the seed. */
export interface Network {
  /** The hub's side. While the hub is down nobody answers. */
  readonly openBroker: (on: BrokerEvents) => Broker
  readonly linkOf: (node: NodeId) => OpenLink
  readonly weather: (weather: Weather) => void
  /** Cuts a node off, or lets it back. */
  readonly partition: (node: NodeId, cut: boolean) => void
  /** The node's process died: its end of the line is gone for good, without a word. */
  readonly cutOff: (node: NodeId) => void
  readonly counts: () => Readonly<NetworkCounts>
}

export const openNetwork = (seed: number, time: VirtualTime): Network => {
  const air: Air = {
    seed,
    time,
    weather: CALM,
    drawn: 0,
    hub: null,
    ends: new Map(),
    cut: new Set(),
    retained: new Map(),
    counts: { messages: 0, doubled: 0, broken: 0, overtaken: 0, lost: 0 },
  }
  return {
    openBroker: (on) => {
      air.hub = on
      for (const end of air.ends.values()) comeUp(air, end)
      return {
        port: 0,
        publish: (topic, payload, retain) => {
          if (retain) air.retained.set(topic, payload)
          for (const end of air.ends.values())
            if (topic === HUB_STATE_TOPIC || readTopic(topic)?.node === end.node) toNode(air, end, topic, payload)
        },
        online: () => [...air.ends.values()].filter((end) => end.up).map((end) => end.node),
        holdOff: () => {},
        drop: (node) => {
          const end = air.ends.get(node)
          if (end) breakLine(air, end)
        },
        close: async () => {
          air.hub = null
          air.retained.clear()
          for (const end of air.ends.values()) goDown(air, end, 'hub closed')
        },
      }
    },
    linkOf: (node) => (on) => {
      const end: End = { node, on, up: false, epoch: 0, closed: false, waiting: new Set() }
      air.ends.set(node, end)
      air.time.timers.after(1, () => comeUp(air, end))
      return {
        publish: (topic, payload) => fromNode(air, end, topic, payload),
        close: async () => {
          goDown(air, end, 'closed')
          end.closed = true
          if (air.ends.get(node) === end) air.ends.delete(node)
        },
      }
    },
    weather: (weather) => {
      air.weather = weather
    },
    partition: (node, cut) => {
      if (cut) air.cut.add(node)
      else air.cut.delete(node)
      const end = air.ends.get(node)
      if (end && cut) goDown(air, end, 'partition')
      if (end && !cut) comeUp(air, end)
    },
    cutOff: (node) => {
      const end = air.ends.get(node)
      if (!end) return
      end.closed = true
      air.ends.delete(node)
      if (end.up) air.hub?.gone(node)
      end.up = false
      end.epoch += 1
    },
    counts: () => air.counts,
  }
}

interface End {
  readonly node: NodeId
  readonly on: Parameters<OpenLink>[0]
  up: boolean
  /** Rises with every break: what was under way belongs to an older one and arrives no more. */
  epoch: number
  closed: boolean
  readonly waiting: Set<(why: Error) => void>
}

interface Air {
  readonly seed: number
  readonly time: VirtualTime
  weather: Weather
  drawn: number
  hub: BrokerEvents | null
  readonly ends: Map<NodeId, End>
  readonly cut: Set<NodeId>
  readonly retained: Map<string, string>
  readonly counts: NetworkCounts
}

const draw = (air: Air): number => {
  air.drawn += 1
  return chance(air.seed, air.drawn)
}
const between = (air: Air, [least, most]: readonly [number, number]): number => least + Math.floor(draw(air) * (most - least + 1))

const comeUp = (air: Air, end: End): void => {
  if (end.up || end.closed || !air.hub || air.cut.has(end.node)) return
  end.up = true
  end.on.up()
  air.hub.listening(end.node)
  for (const [topic, payload] of air.retained) toNode(air, end, topic, payload)
}

const goDown = (air: Air, end: End, why: string): void => {
  if (!end.up) return
  end.up = false
  end.epoch += 1
  for (const reject of end.waiting) reject(new Error(why))
  end.waiting.clear()
  end.on.down(why)
  air.hub?.gone(end.node)
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
const travel = (air: Air, end: End, arrive: () => void): void => {
  air.counts.messages += 1
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

const toNode = (air: Air, end: End, topic: string, payload: string): void => {
  if (!end.up) return
  const read = readTopic(topic)
  travel(air, end, () => {
    end.on.message(topic, payload)
    if (read) air.time.timers.after(1, () => air.hub?.acknowledged(end.node, read.name))
  })
}

const fromNode = (air: Air, end: End, topic: string, payload: string): Promise<void> => {
  const read = readTopic(topic)
  if (!end.up || !read || !mayPublish(end.node, topic)) return Promise.reject(new Error('line is down'))
  return new Promise((resolve, reject) => {
    const give = (why: Error) => reject(why)
    end.waiting.add(give)
    const { epoch } = end
    travel(air, end, () => {
      const acknowledge = () =>
        air.time.timers.after(1, () => {
          if (end.epoch !== epoch) return
          end.waiting.delete(give)
          resolve()
        })
      const bytes = Buffer.from(payload, 'utf8')
      if (read.name === 'upLog') void air.hub?.log(end.node, bytes).then(acknowledge)
      else {
        if (read.name === 'upHave') air.hub?.have(end.node, bytes)
        if (read.name === 'birth') air.hub?.birth(end.node, bytes)
        if (read.name === 'death') air.hub?.death(end.node, bytes)
        acknowledge()
      }
    })
  })
}
