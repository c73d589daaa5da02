import { createReadStream, existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Imported, importLedger } from './import-file.ts'
import { sentenceOf } from './ledger-file.ts'
import { linesOf } from './lines.ts'
import { exitOf, showVerdict, verdictLine } from './verify-show.ts'

/** `lotkeeper import F --home DIR [--json]`: a new ledger from an exported one. Exit 1: the ledger in F is not right; 2: F is none, or DIR has one. */
export const main = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    options: { help: { type: 'boolean' }, home: { type: 'string' }, json: { type: 'boolean' } },
  })
  const unknown = Object.keys(values).some((name) => !['help', 'home', 'json'].includes(name))
  const [file] = positionals
  const home = typeof values['home'] === 'string' ? values['home'] : null
  if (values['help'] === true || unknown || file === undefined || home === null || positionals.length > 1) {
    process.stdout.write(HELP)
    return values['help'] === true ? 0 : 2
  }
  try {
    const imported = await importLedger(fileLines(file), home)
    process.stdout.write(values['json'] === true ? `${verdictLine(imported.verdict)}\n` : show(imported))
    return exitOf(imported.verdict)
  } catch (cause) {
    const sentence = sentenceOf(cause)
    if (sentence === null) throw cause
    process.stderr.write(`${file}\n  ${sentence.zh} / ${sentence.en}\n`)
    return 2
  }
}

const HELP = `lotkeeper import F --home DIR [--json]

  从导出文件建立账本：DIR/hub.sqlite 或 DIR/node.sqlite；汇总表重算，全部核验后才放到位
  makes DIR/hub.sqlite or DIR/node.sqlite from an exported ledger; its tables are folded again, and it is put in place once it is verified
  DIR 里已有账本则拒绝；密钥不在导出文件里，原来的 keys/ 要另外放好
  refused where DIR has a ledger; keys are not in the file, put the keys/ of old into DIR yourself
  退出码 / exit: 0 已建立 / made  1 账本有不对 / findings  2 不是导出文件 / no such file
`

/** A message in quarantine may be as long as the broker lets one be, twice over in hex. */
const LINE_LENGTH_MAX = 4_194_304

async function* fileLines(file: string): AsyncGenerator<string> {
  for await (const lines of linesOf(createReadStream(file), LINE_LENGTH_MAX)) yield* lines
}

const show = ({ verdict, file }: Imported): string =>
  `${showVerdict(verdict)}${existsSync(file) ? `已建立 / made：${file}\n` : '账本有不对，没有建立 / not made, the ledger is not right\n'}`
