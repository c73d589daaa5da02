import { FINDINGS, type Finding, type FindingCode } from '@lotkeeper/protocol/ledger/findings.ts'
import type { Verdict } from '@lotkeeper/protocol/ledger/verify.ts'
import type { FileVerdict, LedgerVerdict } from './verify-file.ts'

/** One screen for a person, in both languages: what is right, what is not, and where. */
export const showVerdict = (told: FileVerdict): string => {
  if ('unreadable' in told) return `${told.file}\n  读不出 / unreadable：${told.unreadable.zh} / ${told.unreadable.en}\n`
  const { findings, findingsMore, holes } = told.verdict
  const count = findings.length + findingsMore
  const lines = [
    `${told.file}`,
    `  ${told.kind === 'hub' ? '县中心账本 / ledger of the hub' : `乡镇站账本 / ledger of node ${told.owner}`}`,
    ...checksOf(told).map(
      ({ label, result, codes }) => `  ${findings.some(({ code }) => codes.includes(code)) ? '✗' : '✓'} ${label}：${result}`,
    ),
    ...holes.slice(0, HOLES_SHOWN).map((where) => `    ${where}  内容已损坏，只剩哈希 / its text is lost, only its hash is left`),
    ...findings.slice(0, FINDINGS_SHOWN).map(findingLine),
    ...(count > FINDINGS_SHOWN ? [`    … 另有 ${count - FINDINGS_SHOWN} 处 / more, see --json`] : []),
    count === 0 ? `  ${rightText(told)}` : `  共 ${count} 处不对 / ${count} findings`,
  ]
  return `${lines.join('\n')}\n`
}

/** The same as one JSON line. */
export const verdictLine = (told: FileVerdict): string => {
  if ('unreadable' in told) return JSON.stringify({ file: told.file, right: false, unreadable: told.unreadable })
  const { findings, findingsMore, ...counts } = told.verdict
  const { file, kind, owner, countyKey, projections } = told
  const listed = findings.slice(0, FINDINGS_LISTED)
  const took = Object.fromEntries(Object.entries(told.took).map(([part, ms]) => [part, Math.round(ms)]))
  return JSON.stringify({
    ...{ file, right: findings.length === 0, kind, owner, countyKey, projections, ...counts, took },
    ...{ findings: listed, findingsMore: findingsMore + findings.length - listed.length },
  })
}

/** 0 all is right, 1 something is not, 2 no ledger. */
export const exitOf = (told: FileVerdict): 0 | 1 | 2 => {
  if ('unreadable' in told) return 2
  return told.verdict.findings.length === 0 ? 0 : 1
}

const FINDINGS_SHOWN = 20
const HOLES_SHOWN = 5
/** More than this tells nobody anything, and one line must stay readable. */
const FINDINGS_LISTED = 1_000

const findingLine = ({ code, where, detail }: Finding): string => {
  const { zh, en } = FINDINGS[code]
  return `    ${zh} / ${en}：${where}  (${detail})  [${code}]`
}

/** Nothing is called right that was not proved. */
const rightText = ({ verdict, projections }: LedgerVerdict): string => {
  const open = [
    ...(verdict.unproved > 0 ? ['签名未证明 / signatures unproved'] : []),
    ...(verdict.tree.beyond > 0 ? ['有检查点无从比对 / some checkpoints beyond comparison'] : []),
    ...(projections === 'compared' ? [] : ['汇总表未比对 / tables not compared']),
    ...(verdict.holes.length > 0 ? [`${verdict.holes.length} 条只剩哈希 / ${verdict.holes.length} left as hashes`] : []),
  ]
  return open.length === 0 ? '全部正确 / all is right' : `未见不对；${open.join('；')} / nothing is wrong`
}

interface Check {
  readonly label: string
  readonly result: string
  readonly codes: readonly FindingCode[]
}

const checksOf = (told: LedgerVerdict): readonly Check[] => {
  const { verdict, countyKey, took } = told
  const { entries, epochs, lots, holes } = verdict
  const lost = holes.length > 0 ? `；${holes.length} 条缺内容 / ${holes.length} without text` : ''
  return [
    { label: '文件 / file', result: secondsText(took.file), codes: ['file-damaged'] },
    {
      label: '哈希链 / chain',
      result: `${entries} 条 / entries，${epochs} 段 / epochs${lost}`,
      codes: ['chain-broken', 'sequence-hole', 'entry-unreadable', 'entry-misplaced', 'kind-wrong', 'order-broken', 'received-differs'],
    },
    { label: '段首段尾 / parents and tips', result: `${epochs} 段 / epochs`, codes: ['parent-unknown', 'tip-wrong'] },
    {
      label: '签名 / signatures',
      result: sealText(verdict, countyKey),
      codes: ['signature-wrong', 'seal-without-entry', 'key-uncertified', 'key-revoked', 'certificate-wrong'],
    },
    { label: '守恒 / conservation', result: `${lots} 个批号，各自合计为 0 / ${lots} lots, each adding up to 0`, codes: ['not-conserved'] },
    { label: '账面 / positions', result: '按记录重算 / refolded from the log', codes: ['position-wrong'] },
    { label: '检查点 / checkpoints', result: treeText(verdict), codes: TREE_CODES },
    { label: '汇总表 / tables', result: projectionsText(told), codes: ['projection-differs'] },
  ]
}

const TREE_CODES: readonly FindingCode[] = [
  ...(['leaf-missing', 'leaf-differs', 'tree-differs'] as const),
  ...(['checkpoint-wrong', 'checkpoint-differs', 'checkpoint-beyond', 'checkpoint-missing'] as const),
]

const secondsText = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

const treeText = ({ tree }: Verdict): string => {
  const { trees, leaves, checkpoints, beyond } = tree
  const grown = trees > 0 ? `${trees} 棵树、${leaves} 片叶 / ${trees} trees, ${leaves} leaves；` : ''
  const unknown = beyond > 0 ? `；${beyond} 个超出本文件 / ${beyond} beyond this file (restored from a backup)` : ''
  return `${grown}${checkpoints} 个检查点 / ${checkpoints} checkpoints${unknown}`
}

const projectionsText = ({ projections, took, verdict }: LedgerVerdict): string => {
  if (projections === 'left-out') return '未比对（--quick）/ left out'
  if (projections === 'older-version') return '旧版文件，升级后再比对 / of an older version, compared once it is upgraded'
  if (projections === 'effects-lost') return '有内容已损坏的记录，无法重算 / cannot be folded again, some texts are lost'
  return verdict.findings.length > 0 && took.projections < 1
    ? '账本有误，未重算 / not folded again, the ledger itself is wrong'
    : `全部重算并逐行比对 / all folded again and compared，${secondsText(took.projections)}`
}

const sealText = ({ seals, unproved, unsealed }: Verdict, countyKey: boolean): string => {
  const proved = seals - unproved
  const why = countyKey ? '没有证书 / no certificate' : '旁边没有 keys/ / no keys/ beside the file'
  return [
    `已核 ${proved} 个 / ${proved} checked`,
    ...(unproved > 0 ? [`${unproved} 个未能证明（${why}） / ${unproved} unproved`] : []),
    ...(unsealed > 0 ? [`末尾 ${unsealed} 条尚未签名 / last ${unsealed} entries not yet signed`] : []),
  ].join('；')
}
