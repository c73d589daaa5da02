import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { streamLines } from './lines.ts'
import { AUDIT_GONE, type AuditOptions, auditExit, auditLine, isAuditFile, isAuditGone, showAudit, verifyAudit } from './verify-audit.ts'
import { type FileVerdict, type VerifyOptions, verifyFile } from './verify-file.ts'
import { exitOf, showVerdict, verdictLine } from './verify-show.ts'

/** `lotkeeper verify <file or home> [--json] [--quick] [--witness node.sqlite] [--head ...]`, or `{"file":"..."}` per line on stdin: 0 all is right, 1 something is not, 2 no ledger. */
export const main = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    options: {
      help: { type: 'boolean' },
      json: { type: 'boolean' },
      quick: { type: 'boolean' },
      witness: { type: 'string' },
      head: { type: 'string' },
    },
  })
  const unknown = Object.keys(values).some((name) => !['help', 'json', 'quick', 'witness', 'head'].includes(name))
  const [file] = positionals
  if (values['help'] === true || unknown || positionals.length > 1 || (file === undefined && process.stdin.isTTY)) {
    process.stdout.write(HELP)
    return values['help'] === true ? 0 : 2
  }
  const [witness = null, head = null] = [values['witness'], values['head']].map((value) => (typeof value === 'string' ? value : null))
  const options = { quick: values['quick'] === true, witness, head }
  if (file === undefined) return verifyLines(options)
  const told = filesIn(file).map((one) => toldOf(one, options))
  for (const { shown, line } of told) process.stdout.write(values['json'] === true ? `${line}\n` : shown)
  return Math.max(...told.map(({ exit }) => exit))
}

/** What one file came to, in every form it is told in. */
interface Told {
  readonly shown: string
  readonly line: string
  readonly exit: number
}

/** A home is its ledger and its audit; anything else is the file it is. */
const filesIn = (path: string): readonly string[] => {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path]
  const [ledger = path, audit = path, node = path] = ['hub.sqlite', 'audit.sqlite', 'node.sqlite'].map((name) => join(path, name))
  const there = [ledger, audit, node].filter((one) => existsSync(one) || (one === audit && isAuditGone(one)))
  return there.length === 0 ? [ledger] : there
}

const toldOf = (file: string, options: VerifyOptions & AuditOptions): Told => {
  if (isAuditGone(file) && file.endsWith('audit.sqlite')) {
    const gone = { file, unreadable: AUDIT_GONE }
    return { shown: showAudit(gone), line: auditLine(gone), exit: 1 }
  }
  if (existsSync(file) && isAuditFile(file)) {
    const audit = verifyAudit(file, options)
    return { shown: showAudit(audit), line: auditLine(audit), exit: auditExit(audit) }
  }
  const ledger = verifyFile(file, options)
  return { shown: showVerdict(ledger), line: verdictLine(ledger), exit: exitOf(ledger) }
}

const HELP = `lotkeeper verify <hub.sqlite | node.sqlite | audit.sqlite | 县中心目录 / hub's home>
                   [--quick] [--witness node.sqlite] [--head EPOCH:SEQ:HASH] [--json]

  重算账本：文件、哈希链、签名、守恒、账面数、检查点、汇总表；只读，程序运行中也可以
  re-checks the file, chain, signatures, conservation, positions, checkpoints and tables; reads only, also while the ledger is in use
  旁边有 keys/ 才能证明签名 / signatures are proved with keys/ beside the file
  --quick    不重算汇总表 / does not fold the tables again
  --witness  乡镇站保存的检查点，县中心的账本必须都算得出
             the checkpoints this node keeps: the hub's ledger must give all of them
  --head     审计记录曾经的末行；不写则看 keys/audit.head
             where the audit is known to have ended; else keys/audit.head beside it says so
  逐行 JSON / JSON lines:  {"file":"..."}
  退出码 / exit: 0 全对 / right  1 有不对 / findings  2 不是账本 / no ledger
`

const LINE_LENGTH_MAX = 8_192

const verifyLines = async (options: VerifyOptions & AuditOptions): Promise<number> => {
  let exit = 0
  const verified = async function* (chunks: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
    for await (const lines of chunks) {
      for (const line of lines) {
        const told = verifyLine(line, options)
        exit = Math.max(exit, told.exit)
        yield `${told.line}\n`
      }
    }
  }
  await streamLines(verified, { input: process.stdin, output: process.stdout, lengthMax: LINE_LENGTH_MAX })
  return exit
}

const verifyLine = (line: string, options: VerifyOptions & AuditOptions): Told => {
  const file = fileIn(line)
  if (file !== null) return toldOf(file, options)
  const none: FileVerdict = { file: '', unreadable: { zh: '每行要写 {"file":"..."}', en: 'every line says {"file":"..."}' } }
  return { shown: showVerdict(none), line: verdictLine(none), exit: exitOf(none) }
}

const fileIn = (line: string): string | null => {
  try {
    const { file } = JSON.parse(line)
    return typeof file === 'string' ? file : null
  } catch {
    return null
  }
}
