import { parseArgs } from 'node:util'
import { streamLines } from './lines.ts'
import { type FileVerdict, type VerifyOptions, verifyFile } from './verify-file.ts'
import { exitOf, showVerdict, verdictLine } from './verify-show.ts'

/** `lotkeeper verify <file> [--json] [--quick] [--witness node.sqlite]`, or `{"file":"..."}` per line on stdin: 0 all is right, 1 something is not, 2 no ledger. */
export const main = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    options: { help: { type: 'boolean' }, json: { type: 'boolean' }, quick: { type: 'boolean' }, witness: { type: 'string' } },
  })
  const unknown = Object.keys(values).some((name) => !['help', 'json', 'quick', 'witness'].includes(name))
  const [file] = positionals
  if (values['help'] === true || unknown || positionals.length > 1 || (file === undefined && process.stdin.isTTY)) {
    process.stdout.write(HELP)
    return values['help'] === true ? 0 : 2
  }
  const options = { quick: values['quick'] === true, witness: typeof values['witness'] === 'string' ? values['witness'] : null }
  if (file === undefined) return verifyLines(options)
  const told = verifyFile(file, options)
  process.stdout.write(values['json'] === true ? `${verdictLine(told)}\n` : showVerdict(told))
  return exitOf(told)
}

const HELP = `lotkeeper verify <hub.sqlite | node.sqlite> [--quick] [--witness node.sqlite] [--json]

  重算账本：文件、哈希链、签名、守恒、账面数、检查点、汇总表；只读，程序运行中也可以
  re-checks the file, chain, signatures, conservation, positions, checkpoints and tables; reads only, also while the ledger is in use
  旁边有 keys/ 才能证明签名 / signatures are proved with keys/ beside the file
  --quick    不重算汇总表 / does not fold the tables again
  --witness  乡镇站保存的检查点，县中心的账本必须都算得出
             the checkpoints this node keeps: the hub's ledger must give all of them
  逐行 JSON / JSON lines:  {"file":"..."}
  退出码 / exit: 0 全对 / right  1 有不对 / findings  2 不是账本 / no ledger
`

const LINE_LENGTH_MAX = 8_192

const verifyLines = async (options: VerifyOptions): Promise<number> => {
  let exit = 0
  const verified = async function* (chunks: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
    for await (const lines of chunks) {
      for (const line of lines) {
        const told = verifyLine(line, options)
        exit = Math.max(exit, exitOf(told))
        yield `${verdictLine(told)}\n`
      }
    }
  }
  await streamLines(verified, { input: process.stdin, output: process.stdout, lengthMax: LINE_LENGTH_MAX })
  return exit
}

const verifyLine = (line: string, options: VerifyOptions): FileVerdict => {
  const file = fileIn(line)
  return file === null
    ? { file: '', unreadable: { zh: '每行要写 {"file":"..."}', en: 'every line says {"file":"..."}' } }
    : verifyFile(file, options)
}

const fileIn = (line: string): string | null => {
  try {
    const { file } = JSON.parse(line)
    return typeof file === 'string' ? file : null
  } catch {
    return null
  }
}
