import { RAISED } from '@lotkeeper/protocol/ledger/raised.ts'
import type { EdgeLedger } from '../ledger/contract.ts'
import { PLAIN } from '../ledger/writer.ts'
import type { UplinkNews } from '../uplink/news.ts'
import type { AlarmDay } from './derive.ts'
import { alarmOfNews, isNews, type KeptNews } from './news.ts'

/** News that happened, kept in the ledger itself: a restart silences nothing, and the county reads of it too. */
export interface Kept {
  readonly tell: (news: UplinkNews) => void
  /** Kept news and what the disk has not taken yet, oldest first. */
  readonly rows: () => readonly KeptNews[]
}

export const openKept = (ledger: Pick<EdgeLedger, 'book' | 'read' | 'disk' | 'epoch'>, now: () => AlarmDay): Kept => {
  let waiting: readonly KeptNews[] = []
  const keep = ({ alarm, news, at }: KeptNews): boolean => {
    const body = { alarm, action: RAISED, reason: JSON.stringify(news) }
    const draft = { ...PLAIN, kind: 'alarm' as const, occurredAtMs: Date.parse(at), body }
    // However often it is told, an epoch holds it once. Another one may tell it anew: its card was set back and knows nothing of the first telling.
    // Of the epoch so much that the longest id still fits: an action cut off would be another one's.
    const action = `raise:${ledger.epoch.slice(0, 8)}:${alarm}`.replace(/[^\w.:>/~-]/g, '~').slice(0, ACTION_LENGTH_MAX)
    ledger.book({ action, act: RAISED }, () => [draft])
    return ledger.disk() === 'ok'
  }
  const rows = () => {
    const kept = ledger.read.raised().flatMap(({ alarm, facts, at }) => {
      const news: unknown = JSON.parse(facts)
      return isNews(news) ? [{ alarm, news, at }] : []
    })
    return [...kept, ...waiting.filter((one) => !kept.some(({ alarm }) => alarm === one.alarm))]
  }
  return {
    tell: (news) => {
      const { nowMs, today } = now()
      const { alarm } = alarmOfNews(news, today)
      const known = rows()
      if (known.some((one) => one.alarm === alarm) || known.filter((one) => one.news.is === news.is).length >= KIND_MAX) return
      waiting = [...waiting, { alarm, news, at: new Date(nowMs).toISOString() }].filter((one) => !keep(one))
    },
    rows: () => {
      if (waiting.length > 0 && ledger.disk() === 'ok') waiting = waiting.filter((one) => !keep(one))
      return rows()
    },
  }
}

/** An action holds no more. */
const ACTION_LENGTH_MAX = 96
/** Beyond so many of one kind the next one says nothing new, and a stream is no log. */
const KIND_MAX = 100
