/**
 * How long to wait after so many tries in a row failed, milliseconds: 5 s, 20 s, 80 s, 5 min, 21 min, 85 min, then every six hours; a fifth more or
 * less by chance, so that many receivers behind one gate are not called in one moment. `fraction` is in [0, 1).
 */
export const pauseMs = (failures: number, fraction: number): number => {
  const whole = Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 4 ** Math.max(0, failures - 1))
  return Math.round(whole * (1 - JITTER + 2 * JITTER * fraction))
}

/** After so long without a single success nobody looks at the receiver any more; then a person must. */
export const GIVE_UP_MS = 3 * 86_400_000
const FIRST_PAUSE_MS = 5_000
const PAUSE_MS_MAX = 6 * 3_600_000
const JITTER = 0.2
