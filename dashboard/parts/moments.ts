import type { Language, Say } from './language.ts'
import type { SHARED_TEXTS } from './texts.ts'

type SayShared = Say<typeof SHARED_TEXTS>

/** A span in its largest whole unit: `3 分钟`, `3 min`. */
export const spanText = (say: SayShared, ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 60) return say('age.seconds', { n: seconds })
  if (seconds < 3_600) return say('age.minutes', { n: Math.floor(seconds / 60) })
  if (seconds < 172_800) return say('age.hours', { n: Math.floor(seconds / 3_600) })
  return say('age.days', { n: Math.floor(seconds / 86_400) })
}

/** How long ago: under five seconds is now, for clocks never agree better. */
export const agoText = (say: SayShared, instant: string, nowMs: number): string => {
  const ms = nowMs - Date.parse(instant)
  return ms < 5_000 ? say('age.now') : say('age.ago', { age: spanText(say, ms) })
}

/** A moment on a site's wall clock: today the time, yesterday named, else the date; with seconds where order matters. */
export const momentText = (
  say: SayShared,
  instant: string,
  at: { readonly nowMs: number; readonly zone: string; readonly seconds?: boolean },
): string => {
  const moment = wallOf(Date.parse(instant), at.zone)
  const time = at.seconds ? moment.time : moment.time.slice(0, 5)
  if (moment.day === wallOf(at.nowMs, at.zone).day) return time
  if (moment.day === wallOf(at.nowMs - DAY_MS, at.zone).day) return say('age.yesterday', { time })
  return `${moment.day} ${time}`
}

/** The moment in full, for a tooltip: `2026-11-22 11:24:00 Asia/Shanghai`. */
export const fullMoment = (instant: string, zone: string): string => {
  const { day, time } = wallOf(Date.parse(instant), zone)
  return `${day} ${time} ${zone}`
}

/** A month as a short label of an axis. */
export const monthText = (language: Language, month: string): string => {
  const [year = '', number = ''] = month.split('-')
  if (language === 'zh') return number === '01' ? `${year.slice(2)}年1月` : `${Number(number)}月`
  const name = new Intl.DateTimeFormat('en', { month: 'short', timeZone: 'UTC' }).format(new Date(`${month}-01T00:00:00Z`))
  return number === '01' ? `${name} ${year}` : name
}

/** Whole numbers with thin grouping, the same in both languages. */
export const numberText = (value: number): string => NUMBERS.format(value)

const DAY_MS = 86_400_000
const NUMBERS = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

const wallOf = (ms: number, zone: string): { readonly day: string; readonly time: string } => {
  const text = wallFormat(zone).format(ms)
  return { day: text.slice(0, 10), time: text.slice(-8) }
}

/** `sv-SE` writes ISO order; making a formatter costs far more than using it. */
const wallFormat = (zone: string): Intl.DateTimeFormat => {
  const known = FORMATS.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  FORMATS.set(zone, format)
  return format
}
const FORMATS = new Map<string, Intl.DateTimeFormat>()
