/** One thing that is wrong in a ledger, and where. */
export interface Finding {
  readonly code: FindingCode
  readonly where: string
  readonly detail: string
}

/** Every kind of finding, and what a person reads. */
export const FINDINGS = {
  'file-damaged': { zh: '数据库文件损坏', en: 'the database file is damaged' },
  'chain-broken': { zh: '内容与哈希不符', en: 'the text does not give the hash' },
  'sequence-hole': { zh: '缺记录', en: 'entries are missing' },
  'entry-unreadable': { zh: '记录读不出', en: 'the entry is unreadable' },
  'entry-misplaced': { zh: '记录自称在别处', en: 'the entry names another place' },
  'kind-wrong': { zh: '所标的种类与记录不符', en: 'the stored kind is not what the entry says' },
  'order-broken': { zh: '收账次序有缺或重', en: 'the order of entries has a gap or says a place twice' },
  'received-differs': { zh: '收到时间与收账时所记不同', en: 'the time of receipt is not what was kept when it was taken' },
  'parent-unknown': { zh: '上一段的末尾不是所指的记录', en: 'the parent named is not there' },
  'tip-wrong': { zh: '段尾与记录不符', en: 'the stored tip is not what the log ends with' },
  'signature-wrong': { zh: '签名不对', en: 'the signature is wrong' },
  'seal-without-entry': { zh: '签名所指的记录不在或不同', en: 'what was signed is not what is there' },
  'key-uncertified': { zh: '签名的密钥没有证书', en: 'it is signed with a key that has no certificate' },
  'key-revoked': {
    zh: '签名的密钥那时已吊销，也没有人决定收下',
    en: 'it is signed with a key that was revoked by then, and nobody decided to take it',
  },
  'certificate-wrong': { zh: '证书不是县密钥所签', en: 'the certificate is not signed by the county key' },
  'not-conserved': { zh: '各库位合计不为 0', en: 'places do not add up to 0' },
  'position-wrong': { zh: '账面数与记录不符', en: 'the stored position is not what the log gives' },
  'leaf-missing': { zh: '记录不在树里', en: 'the entry is in no tree' },
  'leaf-differs': { zh: '树叶不是该记录', en: 'the leaf is not that of the entry' },
  'tree-differs': { zh: '树的存储与重算不符', en: 'the stored tree is not what its leaves give' },
  'checkpoint-wrong': { zh: '检查点读不出或签名不对', en: 'the checkpoint is unreadable or its signature wrong' },
  'checkpoint-differs': { zh: '账本算不出这个检查点：历史被改动过', en: 'the ledger does not give this checkpoint: history was changed' },
  'checkpoint-beyond': { zh: '检查点比账本还长：末尾被截去', en: 'the checkpoint reaches beyond the ledger: its end was cut off' },
  'checkpoint-missing': { zh: '账本里没有见证所持的检查点', en: 'the ledger lacks a checkpoint its witness holds' },
  'projection-differs': { zh: '汇总表与重算不符', en: 'the table is not what the log gives when folded again' },
} as const satisfies Readonly<Record<string, { readonly zh: string; readonly en: string }>>
export type FindingCode = keyof typeof FINDINGS

/** Gathers findings; beyond some thousands they are only counted, for a wholly broken file has as many as entries. */
export interface Findings {
  readonly note: (code: FindingCode, where: string, detail: string) => void
  readonly all: () => readonly Finding[]
  readonly more: () => number
}

export const openFindings = (): Findings => {
  const all: Finding[] = []
  let more = 0
  return {
    note: (code, where, detail) => {
      if (all.length < FINDINGS_MAX) all.push({ code, where, detail })
      else more += 1
    },
    all: () => all,
    more: () => more,
  }
}

const FINDINGS_MAX = 5_000
