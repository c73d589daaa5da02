import type { SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import type { Keyring } from './keys.ts'

/** The hubs a node's lines lead to: the county-signed incarnation each shows, and which is obeyed [ledger-and-sync 3, hub epochs]. */
export interface Hubs {
  readonly open: () => HubLine
}
/** One line's view of it. */
export interface HubLine {
  /** The hub at its other end showed this incarnation. */
  readonly shows: (incarnation: number) => void
  /** The line went: that hub is no longer live as far as this node can tell. */
  readonly gone: () => void
  /** Whether this line's hub is the highest that the node knows of. A node's only line is believed until its hub has shown what it is. */
  readonly obeyed: () => boolean
  /** The certificate of the hub that is obeyed in the place of this one, which may never have heard of it. */
  readonly overruledBy: () => SignedCertificate | null
}

export const openHubs = (keyring: Pick<Keyring, 'hub' | 'overruling'>, twoHubs: (incarnation: number, obeyed: number) => void): Hubs => {
  const lines = new Map<HubLine, number | null>()
  const highest = () => Math.max(0, ...keyring.hub().map(({ incarnation }) => incarnation))
  return {
    open: () => {
      const line: HubLine = {
        shows: (told) => {
          // One hub only rises while a line lasts: what it showed before may come after what it shows now, a retained word too.
          const incarnation = Math.max(told, lines.get(line) ?? 0)
          lines.set(line, incarnation)
          const obeyed = highest()
          for (const live of lines.values()) if (live !== null && live < obeyed) twoHubs(live, obeyed)
        },
        gone: () => void lines.set(line, null),
        obeyed: () => {
          const shown = lines.get(line) ?? null
          return shown === null ? lines.size === 1 : shown >= highest()
        },
        overruledBy: () => {
          const shown = lines.get(line) ?? null
          return shown === null ? null : keyring.overruling(shown)
        },
      }
      lines.set(line, null)
      return line
    },
  }
}
