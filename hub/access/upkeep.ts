import type { HubParts } from '../parts.ts'
import type { HubKeys } from './keys.ts'

/** How often certificates are looked at: far more often than one ends, so that a look that fails is made up for. */
export const LOOK_MS = 6 * 3_600_000

/** Renews the hub's own TLS certificate while it runs, and looks for nodes whose certificate is due. `shown` gets the new chain, PEM. */
export const openUpkeep = (
  parts: Pick<HubParts, 'clock' | 'timers'>,
  keys: Pick<HubKeys, 'renewTls' | 'authority'>,
  on: { readonly shown: (chain: string) => void; readonly look: () => void; readonly failed: (why: unknown) => void },
): { readonly close: () => void } => {
  let cancel = () => {}
  let closed = false
  const look = async () => {
    const renewed = await keys.renewTls(parts.clock.now())
    if (renewed) on.shown(chainOf(renewed.certificate, keys.authority.certificate))
    on.look()
  }
  const wait = () => {
    if (closed) return
    cancel = parts.timers.after(LOOK_MS, () => void look().catch(on.failed).then(wait))
  }
  wait()
  return {
    close: () => {
      closed = true
      cancel()
    },
  }
}

/** Sent whole, so that a node that knows only the authority's fingerprint can find it in the handshake. */
export const chainOf = (certificate: string, authority: string): string => `${certificate}\n${authority}\n`
