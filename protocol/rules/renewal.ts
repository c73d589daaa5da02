/** From when to when a certificate is good, milliseconds since 1970. */
export interface Validity {
  readonly fromMs: number
  readonly untilMs: number
}

/** How a certificate stands: good, to be renewed, or ended. */
export type CertificateStanding = 'valid' | 'due' | 'ended'

const DAY_MS = 86_400_000

/**
 * How long a certificate of the county is good: a year and a month, so that a node that was switched off for one heating season and one summer
 * still comes back by itself, and what is stolen unnoticed ends by itself. Public authorities may not give more [CA/B BR 6.3.2, before 2026].
 */
export const CERTIFICATE_LIFE_MS = 398 * DAY_MS

/** When less than this is left it is renewed: two thirds of its life are over, and more than four months remain to come on line once. */
export const RENEW_LEFT_MS = CERTIFICATE_LIFE_MS / 3

/** A county must not renew in one hour: each node begins up to this much of the remaining time later. */
const JITTER = 0.1

/** How a certificate stands by a clock; `fraction` (0 to 1) moves the due moment of one node a little against another's. */
export const certificateStanding = ({ untilMs }: Pick<Validity, 'untilMs'>, nowMs: number, fraction = 0): CertificateStanding => {
  if (nowMs >= untilMs) return 'ended'
  return untilMs - nowMs <= RENEW_LEFT_MS * (1 - JITTER * fraction) ? 'due' : 'valid'
}
