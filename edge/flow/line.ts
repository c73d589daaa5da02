import type { NodeState } from '@lotkeeper/protocol/api/node.ts'
import { streamOfNode } from '@lotkeeper/protocol/names.ts'
import { type Credentials, openKeyring } from '../uplink/keys.ts'
import type { RefusedStretch } from '../uplink/tips.ts'
import { openUplink, type Uplink } from '../uplink/uplink.ts'
import type { House } from './house.ts'

/** The line to the hub as the page follows it. */
export interface Line {
  readonly link: { readonly state: () => NodeState['link']; readonly follow: (listener: () => void) => () => void }
  /** SHA-256 of the TLS keys the county certified as the hub's. */
  readonly hubKeys: () => readonly string[]
  readonly close: () => Promise<void>
}

/** Step 8: what is booked goes to the hub, and what the hub says is taken. */
export const openLine = (house: House, credentials: Credentials): Line => {
  const { settings, parts, ledger, alarms, devices } = house
  const listeners = new Set<() => void>()
  const keyring = openKeyring(parts.crypto, credentials, ledger.exchange)
  const found: RefusedStretch[] = []
  const uplink: Uplink = openUplink(
    parts,
    ledger,
    {
      node: settings.node,
      software: parts.software,
      keyring,
      devices: () => devices.rows().map(({ device, kind, state, since }) => ({ device, kind, state, since })),
    },
    {
      changed: () => {
        for (const listener of [...listeners]) listener()
      },
      refused: (stretches) => alarms.noteRefused([...stretches, ...found]),
      news: (news) => {
        parts.log.error({ ...news }, 'the line showed what a person should see')
        if (news.is === 'lost-tail') alarms.noteLostTail({ epoch: news.epoch, seq: news.upto })
        if (news.is === 'clone') found.push({ epoch: news.epoch, from: news.from, code: 'wire.fork', at: parts.clock.now() })
      },
      down: (why) => parts.log.info({ why }, 'the line to the hub went down'),
    },
  )
  const unfollow = devices.follow(uplink.devicesChanged)
  const instant = (ms: number) => new Date(ms).toISOString()
  return {
    hubKeys: () => keyring.hub().map(({ tlsKey }) => tlsKey),
    close: async () => {
      unfollow()
      await uplink.close()
    },
    link: {
      state: (): NodeState['link'] => {
        const { state, sinceMs, lastHaveAtMs, waiting, booked } = uplink.state()
        return { state, since: instant(sinceMs), lastHaveAt: lastHaveAtMs === null ? null : instant(lastHaveAtMs), waiting, booked }
      },
      follow: (listener: () => void) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
  }
}

/** Before enrolment nothing goes anywhere: everything waits, and nothing is lost. */
export const openNoLine = ({ ledger, settings, parts }: House): Line => {
  const since = new Date(parts.clock.now()).toISOString()
  const held = () => ledger.exchange.tips([streamOfNode(settings.node)]).reduce((sum, tip) => sum + tip.held, 0)
  return {
    link: {
      state: () => ({ state: 'not-enrolled', since, lastHaveAt: null, waiting: held(), booked: 0 }),
      follow: (listener) => ledger.follow(listener),
    },
    hubKeys: () => [],
    close: async () => {},
  }
}
