/** Whole days until a key ends; 0 on its last day and after. */
export const daysLeft = (until: string, nowMs: number): number => Math.max(0, Math.floor((Date.parse(until) - nowMs) / DAY_MS))

/** Soon enough that whoever keeps the other system must be told: a new key takes its time to reach it. */
export const isEndingSoon = (days: number): boolean => days < SOON_DAYS

const DAY_MS = 86_400_000
const SOON_DAYS = 30
