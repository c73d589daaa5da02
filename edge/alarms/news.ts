import type { AlarmView } from '@lotkeeper/protocol/api/node.ts'
import { placeIn, twiceAlarm } from '@lotkeeper/protocol/ledger/raised.ts'
import type { CalendarDate } from '@lotkeeper/protocol/names.ts'
import type { UplinkNews } from '../uplink/news.ts'

/** A piece of news as it rings; the id says what happened, so that the same told twice is one alarm and the next one is another. */
export interface NewsAlarm extends Pick<AlarmView, 'alarm' | 'kind' | 'severity'> {
  readonly zh: string
  readonly en: string
}

/** News that happened, by the id it rings under, and when. */
export interface KeptNews {
  readonly alarm: string
  readonly news: UplinkNews
  readonly at: string
}

/** How news of the line and of the log rings. What cannot tell itself apart rings once a day. */
export const alarmOfNews = (news: UplinkNews, today: CalendarDate): NewsAlarm =>
  (RINGS[news.is] as (news: UplinkNews, today: CalendarDate) => NewsAlarm)(news, today)

/** Whether this version knows how the news rings; a later one may have kept others. */
export const isNews = (news: unknown): news is UplinkNews =>
  typeof news === 'object' && news !== null && 'is' in news && typeof news.is === 'string' && Object.hasOwn(RINGS, news.is)

const RINGS: { readonly [Is in UplinkNews['is']]: (news: Extract<UplinkNews, { readonly is: Is }>, today: CalendarDate) => NewsAlarm } = {
  'lost-tail': (news) => ({
    ...{ alarm: `lost-tail:${news.epoch}/${news.upto}`, kind: 'lost-tail', severity: 1 },
    zh: `本站丢了自己的一段账（${news.epoch} 第 ${news.from} 至 ${news.upto} 条），县中心已送还，请盘点并检查存储卡`,
    en: `Entries ${news.from} to ${news.upto} of ${news.epoch} were lost here; the hub gives them back: count, and check the card`,
  }),
  clone: (news) => ({
    ...{ alarm: `clone:${news.epoch}/${news.from}`, kind: 'clone', severity: 1 },
    zh: '另一台设备正以本站身份记账（存储卡被复制？），请联系县中心',
    en: 'Another machine writes as this node (a copied card?): call the county',
  }),
  fork: (news) => ({
    ...{ alarm: `fork:${news.stream}/${news.epoch}/${news.from}`, kind: 'fork', severity: 1 },
    zh: `${news.stream} 从第 ${news.from} 条起有两个版本，后到的未记账，请联系县中心`,
    en: `${news.stream} shows two versions from entry ${news.from} on; the later one is not taken: call the county`,
  }),
  'two-hubs': (news) => ({
    ...{ alarm: `two-hubs:${news.incarnation}/${news.obeyed}`, kind: 'two-hubs', severity: 1 },
    zh: `看到两个县中心（届次 ${news.incarnation} 与 ${news.obeyed}），本站只听从 ${news.obeyed}，请联系县中心`,
    en: `Two hubs are seen (incarnations ${news.incarnation} and ${news.obeyed}); this node obeys ${news.obeyed}: call the county`,
  }),
  'directive-refused': (news) => ({
    ...{ alarm: `directive:${news.stream}/${news.epoch}/${news.from}`, kind: 'directive', severity: 2 },
    zh: `县中心发来的第 ${news.from} 条起无法接收（${news.code}），请联系县中心`,
    en: `What the hub tells from entry ${news.from} on cannot be taken (${news.code}): call the county`,
  }),
  'digest-differs': (_news, today) => ({
    ...{ alarm: `digest:${today}`, kind: 'digest', severity: 1 },
    zh: '县中心的账与本站的账不一致，请联系县中心并盘点',
    en: "The hub's book of this site differs from this node's: call the county, and count",
  }),
  'key-revoked': (news) => ({
    ...{ alarm: `refused:key/${news.key}`, kind: 'refused', severity: 1 },
    zh: '本站的签名密钥已被吊销，新记录不再被接收，请重新登记',
    en: "This node's signing key was revoked; nothing new of it is taken: enrol it anew",
  }),
  'act-twice': (news) => ({
    ...{ alarm: twiceAlarm(news).alarm, kind: 'lost-tail', severity: 2 },
    zh: `同一笔操作记了两次（${placeIn(news.entry)} 与 ${placeIn(news.again)}）：存储卡曾丢失前一次，请冲销其中一笔`,
    en: `One act is booked twice (${placeIn(news.entry)}, ${placeIn(news.again)}): the card had lost the first; reverse one`,
  }),
  hole: (news) => ({
    ...{ alarm: `damage:${news.stream}/${news.epoch}/${news.seq}`, kind: 'damage', severity: 1 },
    zh: `存储卡上 ${news.stream} 的第 ${news.seq} 条记录已损坏，正向县中心取回，请检查存储卡`,
    en: `Entry ${news.seq} of ${news.stream} is damaged on the card; it is asked back from the hub: check the card`,
  }),
}
