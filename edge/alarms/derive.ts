import type { AlarmView, DeviceView } from '@lotkeeper/protocol/api/node.ts'
import { placeOf } from '@lotkeeper/protocol/names.ts'
import { EXPIRY_THRESHOLDS, expiryState, type SiteToday } from '@lotkeeper/protocol/rules/expiry.ts'
import type { Book, PositionRow } from '../ledger/contract.ts'
import { dayBefore, startOfDay } from './days.ts'
import { alarmOfNews, type KeptNews } from './news.ts'

/** All that alarms follow from. Nothing else may make one, so the same facts ring the same alarms on every restart. */
export interface AlarmFacts {
  readonly book: Book
  readonly now: AlarmDay
  readonly devices: readonly DeviceView[]
  /** A device not heard for longer rings: a pulled plug, not a restart. */
  readonly deviceLostMs: number
  /** What the hub refused of this node's stream. */
  readonly refused: readonly HubRefused[]
  /** Since when the disk takes nothing more, and why; `null` while it does. */
  readonly disk: { readonly why: 'full' | 'failed'; readonly since: number } | null
  /** Entries a client was answered and this node no longer has. */
  readonly lostTails: readonly { readonly epoch: string; readonly seq: number; readonly at: number }[]
  /** News of the line and of the log, oldest first. */
  readonly kept: readonly KeptNews[]
  /** Entries that are damaged now. */
  readonly holes: readonly { readonly stream: string; readonly epoch: string; readonly seq: number }[]
}
/** The day the site goes by, and what the bare clock says. */
export interface AlarmDay extends SiteToday {
  readonly clockMs: number
  readonly zone: string
}
export interface HubRefused {
  readonly epoch: string
  readonly from: number
  readonly code: string
  readonly at: number
}

/** Every alarm that rings now, most urgent first. The id says what rings, and for devices since when, so that taking one on never silences the next. */
export const alarmsOf = (facts: AlarmFacts): readonly AlarmView[] =>
  [...ownAlarms(facts), ...newsAlarms(facts)]
    .map((alarm) => ({ ...NOTHING, ...alarm, acknowledgedBy: acknowledgedBy(facts.book, alarm.alarm) }))
    .toSorted(byUrgency)

const ownAlarms = (facts: AlarmFacts): readonly Alarm[] => [
  ...lotAlarms(facts),
  ...clockAlarms(facts),
  ...deviceAlarms(facts),
  ...findingAlarms(facts),
  ...refusedAlarms(facts),
  ...diskAlarms(facts),
  ...tailAlarms(facts),
]

/** Milliseconds until the next silent device has been silent for too long; infinite when none is silent or all of them ring. */
export const nextLossMs = ({
  devices,
  now,
  deviceLostMs,
}: Pick<AlarmFacts, 'devices' | 'deviceLostMs'> & { readonly now: AlarmDay }): number =>
  devices
    .filter(({ state }) => SILENT_STATES.includes(state))
    .map(({ since }) => Date.parse(since) + deviceLostMs - now.clockMs)
    .reduce((next, ms) => (ms > 0 ? Math.min(next, ms) : next), Number.POSITIVE_INFINITY)

type Alarm = Pick<AlarmView, 'alarm' | 'kind' | 'severity' | 'title' | 'raisedAt'> & Partial<AlarmView>

const lotAlarms = (facts: AlarmFacts): readonly Alarm[] =>
  facts.book.positions().flatMap((row) => {
    const room = placeOf(row.place)
    return row.units > 0 && room !== null && room.room !== null && facts.book.owns(room.owner)
      ? lotAlarm(facts, row, `${room.room}.${room.state}`)
      : []
  })

const lotAlarm = ({ book, now }: AlarmFacts, row: PositionRow, room: string): readonly Alarm[] => {
  const lot = book.lot(row.lot)
  const expiry = lot?.expiry ?? null
  const item = lot ? book.item(lot.item) : null
  const thresholds = item && item.nearDays.length > 0 ? item.nearDays : EXPIRY_THRESHOLDS
  const state = expiryState(expiry, now.today, thresholds)
  if (expiry === null || state.state === 'ok' || state.state === 'unknown') return []
  const expired = state.state === 'expired'
  const name = { zh: item?.name.zh ?? lot?.item ?? '', en: item?.name.en || (lot?.item ?? '') }
  const number = lot?.printed ?? ''
  const days = Math.abs(state.daysLeft)
  return [
    {
      alarm: `${expired ? 'expired' : `near-${state.threshold}`}:${row.lot}@${room}`,
      kind: state.state,
      severity: expired ? 1 : state.threshold <= URGENT_DAYS ? 2 : 3,
      title: expired
        ? titled(`${name.zh} 批号 ${number} 已过期 ${days} 天`, `${name.en} lot ${number} expired ${days} days ago`)
        : titled(`${name.zh} 批号 ${number} 还有 ${days} 天到期`, `${name.en} lot ${number} expires in ${days} days`),
      lot: row.lot,
      place: row.place,
      units: row.units,
      expiry,
      daysLeft: state.daysLeft,
      raisedAt: startOfDay(now.zone, dayBefore(expiry, expired ? -1 : state.threshold)),
    },
  ]
}

const clockAlarms = ({ now }: AlarmFacts): readonly Alarm[] => {
  if (now.clock === 'trusted') return []
  const { severity, zh, en } = CLOCK_TITLES[now.clock]
  return [
    { alarm: `clock:${now.clock}:${now.today}`, kind: 'clock', severity, title: { zh, en }, raisedAt: startOfDay(now.zone, now.today) },
  ]
}

const deviceAlarms = ({ devices, now, deviceLostMs }: AlarmFacts): readonly Alarm[] =>
  devices.flatMap(({ device, kind, state, since }) => {
    const silentMs = now.clockMs - Date.parse(since)
    if (!SILENT_STATES.includes(state) || silentMs < deviceLostMs) return []
    const what = kind === 'reader' ? { zh: '读写器', en: 'Reader' } : { zh: '扫码枪', en: 'Scanner' }
    const title = titled(`${what.zh} ${device} 没有连上，请检查电源和接线`, `${what.en} ${device} is not connected: check power and cable`)
    return [{ alarm: `device:${device}:${since}`, kind: 'device', severity: kind === 'reader' ? 2 : 3, title, raisedAt: since }]
  })

/** What the figures of a device say; its own words tell what to do. */
const findingAlarms = ({ devices }: AlarmFacts): readonly Alarm[] =>
  devices.flatMap(({ device, kind, findings }) =>
    findings.slice(0, FINDINGS_MAX).map(({ finding, severity, title, since, label }) => ({
      alarm: `health:${finding}`,
      kind: 'device' as const,
      severity,
      // Of a label the door is of no interest.
      title: label === null && kind === 'reader' ? titled(`${device}：${title.zh}`, `${device}: ${title.en}`) : title,
      raisedAt: since,
    })),
  )

const refusedAlarms = ({ refused }: AlarmFacts): readonly Alarm[] =>
  refused.map(({ epoch, from, code, at }) => ({
    alarm: `refused:${epoch}/${from}`,
    kind: 'refused',
    severity: 1,
    title: titled(
      `县中心拒收本站第 ${from} 条起的记录（${code}），请联系县中心`,
      `The hub refused our entries from ${from} on (${code}): call the county`,
    ),
    raisedAt: instant(at),
  }))

const diskAlarms = ({ disk }: AlarmFacts): readonly Alarm[] => {
  if (disk === null) return []
  const raisedAt = instant(disk.since)
  return [{ alarm: `disk:${disk.why}:${raisedAt}`, kind: 'disk', severity: 1, title: DISK_TITLES[disk.why], raisedAt }]
}

/** What a page was answered and is gone; the hub may have told of the same. */
const tailAlarms = ({ lostTails, kept }: AlarmFacts): readonly Alarm[] =>
  lostTails
    .filter((tail) => !kept.some(({ alarm }) => alarm === tailName(tail)))
    .map(({ epoch, seq, at }) => ({
      alarm: tailName({ epoch, seq }),
      kind: 'lost-tail',
      severity: 1,
      title: titled(
        `记过的第 ${seq} 条记录不见了（${epoch}），存储卡可能换过或损坏，请联系县中心`,
        `Entry ${seq} of ${epoch} was booked and is gone: the card was changed or is failing; call the county`,
      ),
      raisedAt: instant(at),
    }))

const tailName = ({ epoch, seq }: { readonly epoch: string; readonly seq: number }): string => `lost-tail:${epoch}/${seq}`

/**
 * News rings until somebody took it on, and shows its owner for a week; a damaged entry rings until its text is back. Of what rings once a day the
 * newest says all.
 */
const newsAlarms = ({ kept, holes, book, now }: AlarmFacts): readonly Alarm[] => {
  const newest = kept.findLast(({ news }) => news.is === 'digest-differs')
  return kept.flatMap((one) => {
    const { alarm, news, at } = one
    if (news.is === 'digest-differs' && one !== newest) return []
    const mended = news.is === 'hole' && !holes.some(({ stream, epoch, seq }) => alarm === `damage:${stream}/${epoch}/${seq}`)
    const taken = book.acknowledged(alarm)
    const over = news.is !== 'hole' && taken !== null && now.nowMs - Date.parse(taken.at) > TAKEN_MS
    if (mended || over) return []
    const { kind, severity, zh, en } = alarmOfNews(news, at.slice(0, 10))
    return [{ alarm, kind, severity, title: titled(zh, en), raisedAt: at }]
  })
}

const acknowledgedBy = (book: Book, alarm: string): string | null => {
  const acknowledged = book.acknowledged(alarm)
  return acknowledged === null ? null : (acknowledged.by ?? '-')
}

const byUrgency = (one: AlarmView, other: AlarmView): number =>
  one.severity - other.severity ||
  (one.daysLeft ?? 0) - (other.daysLeft ?? 0) ||
  (one.alarm < other.alarm ? -1 : one.alarm > other.alarm ? 1 : 0)

const titled = (zh: string, en: string): AlarmView['title'] => ({
  zh: zh.slice(0, 120).toWellFormed(),
  en: en.slice(0, 120).toWellFormed(),
})
const instant = (ms: number): string => new Date(ms).toISOString()

const CLOCK_TITLES = {
  ahead: {
    severity: 1,
    zh: '本站时钟远远超前，效期按最近已知的日期判断，请校准',
    en: 'The clock is far in the future; dates go by the last known day: set it',
  },
  behind: {
    severity: 2,
    zh: '本站时钟落后，效期按较晚的已知时间判断，请校准',
    en: 'The clock is behind; dates go by the later time known: set it',
  },
  unknown: { severity: 3, zh: '本站时钟还没有与县中心核对', en: 'The clock has not been confirmed by the hub yet' },
} as const
const DISK_TITLES = {
  full: { zh: '磁盘已满，暂停记账，请清理', en: 'The disk is full: nothing is booked until room is made' },
  failed: { zh: '存储卡写入失败，暂停记账，请检查或更换', en: 'The disk fails to write: nothing is booked; check or change the card' },
} as const
/** Beyond so many of one device the page of the devices tells the rest. */
const FINDINGS_MAX = 20
const TAKEN_MS = 7 * 86_400_000
const NOTHING = { lot: null, place: null, units: null, expiry: null, daysLeft: null, acknowledgedBy: null } as const
const SILENT_STATES: readonly string[] = ['lost', 'opening']
/** Under a month there is hardly time to send a lot where it will be used. */
const URGENT_DAYS = 30
