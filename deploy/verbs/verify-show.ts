import type { Finding, FindingCode, Verdict } from '@lotkeeper/protocol/ledger/verify.ts'
import type { FileVerdict, LedgerVerdict } from './verify-file.ts'

/** One screen for a person, in both languages: what is right, what is not, and where. */
export const showVerdict = (told: FileVerdict): string => {
  if ('unreadable' in told) return `${told.file}\n  读不出 / unreadable：${told.unreadable.zh} / ${told.unreadable.en}\n`
  const { findings } = told.verdict
  const lines = [
    `${told.file}`,
    `  ${told.kind === 'hub' ? '县中心账本 / ledger of the hub' : `乡镇站账本 / ledger of node ${told.owner}`}`,
    ...checksOf(told).map(
      ({ label, result, codes }) => `  ${findings.some(({ code }) => codes.includes(code)) ? '✗' : '✓'} ${label}：${result}`,
    ),
    ...findings.slice(0, FINDINGS_SHOWN).map(findingLine),
    ...(findings.length > FINDINGS_SHOWN ? [`    … 另有 ${findings.length - FINDINGS_SHOWN} 处 / more, see --json`] : []),
    findings.length === 0 ? '  全部正确 / all is right' : `  共 ${findings.length} 处不对 / ${findings.length} findings`,
  ]
  return `${lines.join('\n')}\n`
}

/** The same as one JSON line. */
export const verdictLine = (told: FileVerdict): string => {
  if ('unreadable' in told) return JSON.stringify({ file: told.file, right: false, unreadable: told.unreadable })
  const { findings, ...counts } = told.verdict
  const { file, kind, owner, countyKey } = told
  const listed = findings.slice(0, FINDINGS_LISTED)
  return JSON.stringify({
    ...{ file, right: findings.length === 0, kind, owner, countyKey, ...counts },
    ...{ findings: listed, findingsMore: findings.length - listed.length },
  })
}

/** 0 all is right, 1 something is not, 2 no ledger. */
export const exitOf = (told: FileVerdict): 0 | 1 | 2 => {
  if ('unreadable' in told) return 2
  return told.verdict.findings.length === 0 ? 0 : 1
}

const FINDINGS_SHOWN = 20
/** More than this tells nobody anything, and one line must stay readable. */
const FINDINGS_LISTED = 1_000

/** Every code of a finding, with its sentence. */
const SENTENCES: Readonly<Record<FindingCode, { readonly zh: string; readonly en: string }>> = {
  'chain-broken': { zh: '内容与哈希不符', en: 'the text does not give the hash' },
  'sequence-hole': { zh: '缺记录', en: 'entries are missing' },
  'entry-unreadable': { zh: '记录读不出', en: 'the entry is unreadable' },
  'entry-misplaced': { zh: '记录自称在别处', en: 'the entry names another place' },
  'parent-unknown': { zh: '上一段的末尾不是所指的记录', en: 'the parent named is not there' },
  'tip-wrong': { zh: '段尾与记录不符', en: 'the stored tip is not what the log ends with' },
  'signature-wrong': { zh: '签名不对', en: 'the signature is wrong' },
  'seal-without-entry': { zh: '签名所指的记录不在或不同', en: 'what was signed is not what is there' },
  'not-conserved': { zh: '各库位合计不为 0', en: 'places do not add up to 0' },
  'position-wrong': { zh: '账面数与记录不符', en: 'the stored position is not what the log gives' },
}

const findingLine = ({ code, where, detail }: Finding): string => {
  const { zh, en } = SENTENCES[code]
  return `    ${zh} / ${en}\n      ${where}  (${detail})  [${code}]`
}

interface Check {
  readonly label: string
  readonly result: string
  readonly codes: readonly FindingCode[]
}

const checksOf = ({ verdict, countyKey }: LedgerVerdict): readonly Check[] => [
  {
    label: '链 / chain',
    result: `${verdict.entries} 条记录，${verdict.epochs} 段 / ${verdict.entries} entries in ${verdict.epochs} epochs`,
    codes: ['chain-broken', 'sequence-hole', 'entry-unreadable', 'entry-misplaced'],
  },
  { label: '段首段尾 / parents and tips', result: `${verdict.epochs} 段 / epochs`, codes: ['parent-unknown', 'tip-wrong'] },
  { label: '签名 / signatures', result: sealText(verdict, countyKey), codes: ['signature-wrong', 'seal-without-entry'] },
  {
    label: '守恒 / conservation',
    result: `${verdict.lots} 个批号，各自合计为 0 / ${verdict.lots} lots, each adding up to 0`,
    codes: ['not-conserved'],
  },
  { label: '账面 / positions', result: '按记录重算 / refolded from the log', codes: ['position-wrong'] },
]

const sealText = ({ seals, unproved, unsealed }: Verdict, countyKey: boolean): string => {
  const proved = seals - unproved
  const why = countyKey ? '没有证书 / no certificate' : '旁边没有 keys/ / no keys/ beside the file'
  return [
    `已核 ${proved} 个 / ${proved} checked`,
    ...(unproved > 0 ? [`${unproved} 个未能证明（${why}） / ${unproved} unproved`] : []),
    ...(unsealed > 0 ? [`末尾 ${unsealed} 条尚未签名 / last ${unsealed} entries not yet signed`] : []),
  ].join('；')
}
