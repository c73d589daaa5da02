import { once } from 'node:events'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type OpenedLedger, openLedgerFile, sentenceOf } from './ledger-file.ts'
import { headerOf, linesOfLedger, openDigest, type PortableHeader } from './portable.ts'
import { openProgress } from './progress.ts'

/** `lotkeeper export <file> [--out F] [--json]`: a ledger whole as lines of JSON, into F or to stdout. Exit 2: no ledger, or F cannot be written. */
export const main = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    options: { help: { type: 'boolean' }, out: { type: 'string' }, json: { type: 'boolean' } },
  })
  const unknown = Object.keys(values).some((name) => !['help', 'out', 'json'].includes(name))
  const [file] = positionals
  const out = typeof values['out'] === 'string' ? values['out'] : null
  if (values['help'] === true || unknown || file === undefined || positionals.length > 1 || (out === null && process.stdout.isTTY)) {
    process.stdout.write(HELP)
    return values['help'] === true ? 0 : 2
  }
  try {
    const header = out === null ? await exportTo(file) : exportInto(file, out)
    // Whoever takes the lines from stdout gets nothing else there.
    const summary = values['json'] === true ? `${JSON.stringify({ file, out, ...header })}\n` : show(header)
    ;(out === null ? process.stderr : process.stdout).write(summary)
    return 0
  } catch (cause) {
    const sentence = sentenceOf(cause)
    if (sentence === null) throw cause
    process.stderr.write(`${file}\n  ${sentence.zh} / ${sentence.en}\n`)
    return 2
  }
}

const HELP = `lotkeeper export <hub.sqlite | node.sqlite> [--out F] [--json]

  把整本账写成一个文件（逐行 JSON，末行是 SHA-256）；程序运行中也可以；不含密钥
  writes a whole ledger into one file (JSON lines, the last one a SHA-256), also while it is in use; keys are not in it
  不写 --out 则写到标准输出 / without --out to standard output
  读回 / back again:  lotkeeper import F --home DIR
`

/** Writes the ledger beside the target and puts it in place when it is whole and on the disk. */
export const exportInto = (file: string, out: string): PortableHeader => {
  using opened = openLedgerFile(file)
  const part = `${out}.part`
  const handle = openSync(part, 'w')
  try {
    const header = writeLines(opened, (text) => writeSync(handle, text))
    fsyncSync(handle)
    closeSync(handle)
    renameSync(part, out)
    return header
  } catch (cause) {
    rmSync(part, { force: true })
    throw cause
  }
}

const exportTo = async (file: string): Promise<PortableHeader> => {
  using opened = openLedgerFile(file)
  const header = headerOf(opened)
  for (const text of chunksOf(opened, header)) if (!process.stdout.write(text)) await once(process.stdout, 'drain')
  return header
}

const writeLines = (opened: OpenedLedger, write: (text: string) => void): PortableHeader => {
  const header = headerOf(opened)
  for (const text of chunksOf(opened, header)) write(text)
  return header
}

/** The file in pieces of some size: a call for every line would cost more than the line. */
function* chunksOf(opened: OpenedLedger, header: PortableHeader): Generator<string> {
  const digest = openDigest()
  const progress = openProgress(
    { zh: '已写出', en: 'written' },
    Object.values(header.tables).reduce((sum, rows) => sum + rows, 0),
  )
  let chunk = ''
  for (const line of linesOfLedger(opened, header)) {
    digest.add(line)
    progress.step()
    chunk += `${line}\n`
    if (chunk.length < CHUNK_LENGTH) continue
    yield chunk
    chunk = ''
  }
  yield `${chunk}${digest.end()}\n`
}

const CHUNK_LENGTH = 65_536

const show = ({ kind, owner, tables }: PortableHeader): string =>
  `已导出 / exported：${kind === 'hub' ? '县中心 / hub' : `乡镇站 / node ${owner}`}，${tables['log'] ?? 0} 条 / entries\n`
