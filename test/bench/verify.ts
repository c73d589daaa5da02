import { verifyFile } from '@lotkeeper/deploy/verbs/verify-file.ts'
import { openCrypto } from '@lotkeeper/hub/crypto.ts'
import { type Bench, median } from './figures.ts'
import { type GrownFile, growFile } from './grown.ts'
import { openFolder } from './machine.ts'

/** Re-checking a hub's file: chain, signatures, conservation, checkpoints; then the tables folded again. Processor time, so one core's work. */
export const verify: Bench = {
  name: 'verify',
  what: { zh: '核验一个账本', en: 're-checking a ledger' },
  run: async (scope, say) => {
    const plain = growFile(openFolder(scope), ENTRIES, { tables: false })
    const rates: number[] = []
    const limits: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      rates.push(perSecond(plain.entries, () => right(plain.file, true)))
      limits.push(perSecond(plain.entries, () => bare(plain)))
      say(`${round + 1}/${ROUNDS}: ${Math.round(rates.at(-1) ?? 0)} /s, ${Math.round(limits.at(-1) ?? 0)} /s`)
    }
    const folded = growFile(openFolder(scope), FOLDED_ENTRIES, { tables: true })
    const tables = perSecond(folded.entries, () => right(folded.file, false))
    say(`${Math.round(tables)} /s`)
    return [
      {
        what: { zh: '核验记录（链、签名、守恒、检查点）', en: 'entries re-checked: chain, signatures, conservation, checkpoints' },
        ours: median('/s', rates),
        goal: { is: '≥', value: 50_000 },
        beside: [
          { name: { zh: '只做 SHA-256、Ed25519、JSON', en: 'SHA-256, Ed25519 and JSON.parse alone' }, measured: median('/s', limits) },
        ],
      },
      { what: { zh: '连同汇总表重算', en: 'the same with all tables folded again' }, ours: median('/s', [tables]) },
    ]
  },
}

const ROUNDS = 3
const ENTRIES = 102_400
const FOLDED_ENTRIES = 20_480

const perSecond = (entries: number, run: () => void): number => {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (entries / (user + system)) * 1_000_000
}

const right = (file: string, quick: boolean): void => {
  const told = verifyFile(file, { quick })
  if ('unreadable' in told) throw new Error(told.unreadable.en)
  const [finding] = told.verdict.findings
  if (finding) throw new Error(`${finding.code} ${finding.where} ${finding.detail}`)
}

/** The limit: every byte hashed once, every seal verified, every text parsed, and nothing compared with anything. */
const bare = ({ texts, seals }: GrownFile): void => {
  const crypto = openCrypto()
  let sum = 0
  for (const text of texts) sum += (crypto.sha256(crypto.utf8(text))[0] ?? 0) + (JSON.parse(text) as { readonly seq: number }).seq
  for (const { publicKey, message, signature } of seals) if (!crypto.verify(publicKey, message, signature)) throw new Error(`seal ${sum}`)
}
