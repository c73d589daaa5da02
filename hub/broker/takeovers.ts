/** How often a name may change hands within a minute before it is two machines and not one bad line. */
export const TAKEOVERS_PER_MINUTE_MAX = 3
/** How long newcomers are then held off, so that one of the two goes on working. */
export const HOLD_OFF_MS = 60_000

/**
 * Remembers when connections of one name displaced another that was alive. A node behind a broken line takes over its own dead connection now
 * and then; a card that was cloned does so for ever.
 */
export interface Takeovers {
  /** A newcomer displaces a live connection: may it? */
  readonly mayTake: (name: string, nowMs: number) => boolean
  /** Newcomers of this name are held off from now on, for reasons the broker cannot see. */
  readonly holdOff: (name: string, nowMs: number) => void
}

export const openTakeovers = (): Takeovers => {
  const taken = new Map<string, readonly number[]>()
  const heldOffUntil = new Map<string, number>()
  return {
    holdOff: (name, nowMs) => heldOffUntil.set(name, nowMs + HOLD_OFF_MS),
    mayTake: (name, nowMs) => {
      if ((heldOffUntil.get(name) ?? 0) > nowMs) return false
      const recent = [...(taken.get(name) ?? []).filter((atMs) => nowMs - atMs < 60_000), nowMs]
      taken.set(name, recent)
      if (recent.length <= TAKEOVERS_PER_MINUTE_MAX) return true
      heldOffUntil.set(name, nowMs + HOLD_OFF_MS)
      taken.delete(name)
      return false
    },
  }
}
