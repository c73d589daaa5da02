import type { NodeState } from '@lotkeeper/protocol/api/node.ts'
import { streamOfNode } from '@lotkeeper/protocol/names.ts'
import { publishedOf } from '../devices/published.ts'
import { openHubs } from '../uplink/hubs.ts'
import { type Credentials, openKeyring } from '../uplink/keys.ts'
import { openNews } from '../uplink/news.ts'
import type { RosterLine } from '../uplink/rosters.ts'
import type { RefusedStretch } from '../uplink/tips.ts'
import { type LinkState, openUplink, type Uplink, type UplinkEvents } from '../uplink/uplink.ts'
import type { House } from './house.ts'
import { tellNews } from './news.ts'

/** The line to the hub as the page follows it. */
export interface Line {
  readonly link: { readonly state: () => NodeState['link']; readonly follow: (listener: () => void) => () => void }
  /** SHA-256 of the TLS keys the county certified as the hub's. */
  readonly hubKeys: () => readonly string[]
  readonly close: () => Promise<void>
}

/** Step 8: what is booked goes to every hub there is a line to, and what the obeyed one says is taken. */
export const openLine = (house: House, credentials: Credentials, roster: RosterLine | null = null): Line => {
  const { settings, parts, ledger, devices } = house
  const listeners = new Set<() => void>()
  const keyring = openKeyring(parts.crypto, credentials, ledger.exchange)
  const events = eventsOf(house, () => {
    for (const listener of [...listeners]) listener()
  })
  const hubs = openHubs(keyring, (incarnation, obeyed) => events.news({ is: 'two-hubs', incarnation, obeyed }))
  const options = {
    node: settings.node,
    software: parts.software,
    keyring,
    hubs,
    roster,
    devices: () => devices.rows().map(publishedOf),
  }
  const uplinks: readonly Uplink[] = [parts.openLink, ...(parts.otherLinks ?? [])].map((openLink) =>
    openUplink({ ...parts, openLink }, ledger, options, events),
  )
  const unfollow = devices.follow(() => {
    for (const uplink of uplinks) uplink.devicesChanged()
  })
  return {
    hubKeys: () => keyring.hub().map(({ tlsKey }) => tlsKey),
    close: async () => {
      unfollow()
      await Promise.all(uplinks.map((uplink) => uplink.close()))
    },
    link: {
      state: () => linkOf(uplinks.map((uplink) => uplink.state())),
      follow: (listener: () => void) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
  }
}

const eventsOf = (house: House, changed: () => void): UplinkEvents => {
  const { parts, alarms } = house
  const found: RefusedStretch[] = []
  return {
    changed,
    refused: (stretches) => alarms.noteRefused([...stretches, ...found]),
    news: openNews((news) => {
      tellNews(house, news)
      if (news.is === 'clone') found.push({ epoch: news.epoch, from: news.from, code: 'wire.fork', at: parts.clock.now() })
    }),
    down: (why) => parts.log.info({ why }, 'the line to the hub went down'),
  }
}

/** Of several lines people see the one that counts: to the hub that is obeyed, and of those one that is up. */
const linkOf = (states: readonly LinkState[]): NodeState['link'] => {
  const [first] = states.toSorted((one, other) => rankOf(other) - rankOf(one))
  if (!first) throw new Error('a line has at least one end')
  const instant = (ms: number) => new Date(ms).toISOString()
  const { state, sinceMs, lastHaveAtMs, waiting, booked } = first
  return { state, since: instant(sinceMs), lastHaveAt: lastHaveAtMs === null ? null : instant(lastHaveAtMs), waiting, booked }
}
const rankOf = ({ obeyed, state }: LinkState): number => (obeyed ? 2 : 0) + (state === 'online' ? 1 : 0)

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
