import { FAMILY_NAMES } from '@lotkeeper/edge/readers/uhf/families.ts'
import { replayLines } from '@lotkeeper/edge/replay.ts'
import { streamLines } from './lines.ts'

/** `lotkeeper replay <family>`: recorded reader bytes as JSON lines from stdin, what they say as JSON lines to stdout. */
export const main = async (args: readonly string[]): Promise<number> => {
  const [family] = args
  if (family === undefined || family.startsWith('-') || args.length > 1 || process.stdin.isTTY) {
    process.stdout.write(HELP)
    return family === '--help' ? 0 : 2
  }
  const replayed = async function* (chunks: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
    for await (const said of replayLines(family, flat(chunks))) yield `${said}\n`
  }
  await streamLines(replayed, { input: process.stdin, output: process.stdout, lengthMax: LINE_LENGTH_MAX })
  return FAMILY_NAMES.some((name) => name === family) ? 0 : 2
}

const LINE_LENGTH_MAX = 65_536 // one chunk of a serial port is far shorter

const HELP = `lotkeeper replay <${FAMILY_NAMES.join('|')}>  < recording.ndjson

  输入 / in:   {"t":毫秒,"hex":"..."}（hex 为空表示静默 / an empty hex is a silence）
  输出 / out:  {"frame","decoded"}  {"sighting"}  {"reject","reason"}
`

async function* flat(chunks: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  for await (const lines of chunks) yield* lines
}
