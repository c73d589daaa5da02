import { hash } from 'node:crypto'
import type { NodeId } from '@lotkeeper/protocol/names.ts'

/**
 * Every kind of discrepancy: how bad (1 = a person must act now, 3 = know of it), and what a person reads; `{name}` is filled from the facts.
 * Nothing authentic is refused for such a reason: it is booked, and the disagreement gets a row with a life of its own [ledger-and-sync 1.4].
 */
export const DISCREPANCIES = {
  fork: {
    severity: 1,
    zh: '{site} 的账在 {at} 出现两个版本（设备镜像还原或被复制），后来的一支已隔离',
    en: 'The stream of {site} shows two versions at {at} (an image restored or copied); the later branch is set aside',
  },
  tamper: {
    severity: 1,
    zh: '{site} 的批次校验不通过（{code}），已隔离',
    en: 'A batch of {site} fails its seal ({code}) and is set aside',
  },
  'key-unknown': {
    severity: 2,
    zh: '{site} 送来的账（{stream}）由没有证书的密钥 {key} 签名，已隔离；补登证书后自动重收',
    en: '{site} brings entries of {stream} under key {key} that has no certificate; taken again once it is certified',
  },
  'key-revoked': {
    severity: 1,
    zh: '{site} 送来的账（{stream}）由已吊销的密钥 {key} 签名，已隔离待人工处理',
    en: '{site} brings entries of {stream} under the revoked key {key}; set aside for a person to settle',
  },
  'certificate-revoked': {
    severity: 2,
    zh: '有机器用 {site} 已吊销的证书连接，已拒绝；若不是换下的旧设备，请查明是谁',
    en: 'A machine connected with a revoked certificate of {site} and was turned away; unless it is one that was replaced, find out whose it is',
  },
  'entry-refused': {
    severity: 2,
    zh: '{site} 的记录 {at} 不合格式（{code}），已隔离',
    en: 'Entry {at} of {site} breaks the form ({code}) and is set aside',
  },
  'entry-not-applied': {
    severity: 1,
    zh: '{site} 的记录 {at} 已收存但无法记账（{why}）',
    en: 'Entry {at} of {site} is held but could not be applied ({why})',
  },
  'entry-parked': {
    severity: 3,
    zh: '{site} 的记录 {at} 来自更新的版本，已收存，县中心升级后记账',
    en: 'Entry {at} of {site} is of a later version: held, applied after the hub is upgraded',
  },
  'message-unreadable': {
    severity: 3,
    zh: '{site} 发来读不懂的消息（{code}），已隔离',
    en: '{site} sent a message nobody can read ({code}); set aside',
  },
  'stream-foreign': {
    severity: 1,
    zh: '{site} 试图写别处的账（{stream}），已隔离',
    en: '{site} tried to write the stream {stream}; set aside',
  },
  'topic-forged': {
    severity: 1,
    zh: '{site} 试图使用无权的主题 {topic}，连接已断开',
    en: '{site} tried to use topic {topic} without the right to; its connection was closed',
  },
  clone: {
    severity: 1,
    zh: '两台设备同时以 {site} 的身份在线，后来者被拒；请核对是否有卡被复制',
    en: 'Two machines are on line as {site}; the later one is held off. Look for a copied card',
  },
  'lost-tail': {
    severity: 1,
    zh: '{site} 丢了自己的一段账（{epoch}：{from}–{upto}），县中心已送还；请盘点',
    en: '{site} lost a stretch of its own stream ({epoch}: {from}-{upto}); the hub gave it back. Count the stock',
  },
  'room-negative': {
    severity: 2,
    zh: '{place} 的批号 {lot} 账面为负（{units}）',
    en: 'Lot {lot} at {place} is below zero on the books ({units})',
  },
  'units-unexplained': {
    severity: 2,
    zh: '{site} 实物比账面多 {units}（批号 {lot}，{place}），差额记入“原因不明”，请盘点核实',
    en: '{site} had {units} more of lot {lot} at {place} than the books said; booked as unexplained: count it',
  },
  'place-foreign': {
    severity: 2,
    zh: '{site} 记了不归它管的库位 {place}',
    en: '{site} booked at place {place}, which belongs to another',
  },
  'reversed-twice': {
    severity: 2,
    zh: '记录 {at} 第 {line} 行被冲销了两次',
    en: 'Line {line} of entry {at} was reversed twice',
  },
  'act-twice': {
    severity: 2,
    zh: '{site} 的同一笔操作记了两次（{entry} 与 {again}），请冲销其中一笔',
    en: 'One act of {site} is booked twice ({entry} and {again}): reverse one',
  },
  'reversal-differs': {
    severity: 2,
    zh: '冲销与原记录 {at} 第 {line} 行对不上',
    en: 'A reversal does not mirror line {line} of entry {at}',
  },
  'lot-expiry': {
    severity: 2,
    zh: '批号 {lot} 有两个有效期（{known} 与 {told}），暂按较早的算',
    en: 'Lot {lot} has two expiry dates ({known} and {told}); the earlier rules for now',
  },
  'code-bound': {
    severity: 3,
    zh: '{site} 把目录里没有的码 {code} 认作 {item} 的“{pack}”，请核对后补进目录',
    en: '{site} takes code {code}, which the catalogue lacks, for pack {pack} of {item}: check it and put it in',
  },
  'provisional-conflict': {
    severity: 2,
    zh: '{site} 先登记的 {name} 与县里的记录合不上：{reason}',
    en: '{site} met {name}, which does not fit what the county knows: {reason}',
  },
  'opening-twice': {
    severity: 2,
    zh: '{site} 把期初单据 {doc} 的同一部分接收了两次，库存多记一份：请冲销其中一笔',
    en: '{site} took over the same part of opening balance {doc} twice, so it stands twice: one of them must be reversed',
  },
  'opening-late': {
    severity: 2,
    zh: '期初单据 {doc} 撤回前 {site} 已经接收入账：请站点冲销，或不再导入',
    en: '{site} took over opening balance {doc} before it heard that it was withdrawn: let it be reversed, or import it no more',
  },
  'transit-residue': {
    severity: 2,
    zh: '单据 {doc} 发往 {place} 的批号 {lot} 过期未平（差 {units}）',
    en: 'Lot {lot} of document {doc} to {place} is still open past its time ({units})',
  },
  hole: {
    severity: 1,
    zh: '{site} 的记录 {at} 在其存储卡上已损坏，只剩哈希；其后各条照收。请盘点',
    en: 'Entry {at} of {site} is damaged on its card, only its hash is left; what follows is taken. Count the stock',
  },
  'balance-differs': {
    severity: 1,
    zh: '{site} 与县中心在同一条记录处账面不同：{place} 的批号 {lot}，站内 {node}，中心 {hub}',
    en: '{site} and the hub differ at the same entry: lot {lot} at {place}, {node} there, {hub} here',
  },
  'hub-restored': {
    severity: 1,
    zh: '县中心的账本比 {site} 所知的旧（从备份恢复？），已从各站取回；新的届次 {incarnation}',
    en: 'The hub knew less than {site} (restored from a backup?); it takes back what nodes hold, incarnation {incarnation}',
  },
  'second-copy-failing': {
    severity: 1,
    zh: '县中心的第二份副本写不进去（{why}），自己的记录暂时只在一块盘上',
    en: 'The second copy of the hub cannot be written ({why}): its own entries stand on one disk only for now',
  },
  'two-hubs': {
    severity: 1,
    zh: '{site} 看到两个县中心同时在线（届次 {incarnation} 与 {obeyed}），各站只听从较新的',
    en: '{site} sees two hubs at once (incarnation {incarnation} and {obeyed}); nodes obey the newer',
  },
  'after-ownership': {
    severity: 2,
    zh: '{site} 的库位已移交 {to}，之后它又记了 {at}，请核对',
    en: 'The places of {site} passed to {to}, and it booked {at} after that: look into it',
  },
  'count-differs': {
    severity: 3,
    zh: '{place} 的批号 {lot} 盘点 {counted}，账面 {book}，已按盘点调整',
    en: 'Lot {lot} at {place} was counted {counted}, the book said {book}; adjusted to the count',
  },
  'checkpoint-differs': {
    severity: 1,
    zh: '县中心账本与各站保存的检查点 {size} 不符，历史被改动过',
    en: 'The ledger of the hub does not give the checkpoint of size {size} its nodes hold: its history was changed',
  },
  'entries-redated': {
    severity: 3,
    zh: '{site} 的时钟曾错 {minutes} 分钟，{count} 条记录已按开机时长改正日期',
    en: 'The clock of {site} was {minutes} minutes wrong; {count} entries were dated anew by its up time',
  },
  'clock-wrong': {
    severity: 3,
    zh: '{site} 的时钟差 {minutes} 分钟',
    en: 'The clock of {site} is {minutes} minutes off',
  },
  'projection-differs': {
    severity: 1,
    zh: '夜间核对：汇总表与账本重算不一致（{count} 处），请查看日志',
    en: 'Nightly audit: the tables differ from the log folded again ({count} places); see the log',
  },
  'webhook-stopped': {
    severity: 2,
    zh: '回调“{name}”送不出去，已暂停；修好对方后在“回调”里恢复',
    en: 'Webhook "{name}" could not be delivered and is paused; mend the receiver and resume it under Webhooks',
  },
  'disk-full': {
    severity: 1,
    zh: '县中心磁盘已满：暂停收账和写入，查询照常，腾出空间后自动恢复',
    en: 'The disk of the hub is full: nothing is taken or written until there is room, reading goes on',
  },
} as const satisfies Readonly<Record<string, { readonly severity: 1 | 2 | 3; readonly zh: string; readonly en: string }>>
export type DiscrepancyKind = keyof typeof DISCREPANCIES

/** A discrepancy about to be opened. One (kind, subject) is one row: seen again it stays, closed before it opens anew. */
export interface DiscrepancyDraft {
  readonly kind: DiscrepancyKind
  readonly site: NodeId | null
  readonly subject: string
  readonly entry: string | null
  readonly atMs: number
  readonly facts: Readonly<Record<string, string | number>>
}

/** What a person reads of a draft; `{site}` is filled from the draft itself. */
export const discrepancyTitle = ({ kind, site, facts }: Pick<DiscrepancyDraft, 'kind' | 'site' | 'facts'>) => {
  const filled = { site: site ?? '-', ...facts }
  return { zh: fill(DISCREPANCIES[kind].zh, filled), en: fill(DISCREPANCIES[kind].en, filled) }
}

/** The row's key: readable, its end a hash when it would be longer than a view allows. */
export const discrepancyName = (kind: string, subject: string): string => {
  const name = `${kind}:${subject}`
  return name.length <= NAME_LENGTH_MAX ? name : `${name.slice(0, NAME_LENGTH_MAX - 17)}~${hash('sha256', name).slice(0, 16)}`
}

const NAME_LENGTH_MAX = 200
const fill = (sentence: string, facts: DiscrepancyDraft['facts']): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole)).slice(0, TITLE_LENGTH_MAX)
/** A title is a name text: at most 120 characters. */
const TITLE_LENGTH_MAX = 120
