import { isReplayed, REPLAY_NAMES, replayLines } from '@lotkeeper/edge/replay.ts'
import { streamLines } from './lines.ts'

/** `lotkeeper replay --family F`: recorded bytes as JSON lines from stdin, what they say as JSON lines to stdout. */
export const main = async (args: readonly string[]): Promise<number> => {
  const family = familyOf(args)
  if (family === null || process.stdin.isTTY) {
    process.stdout.write(HELP)
    return args[0] === '--help' ? 0 : 2
  }
  const replayed = async function* (chunks: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
    for await (const said of replayLines(family, flat(chunks))) yield `${said}\n`
  }
  await streamLines(replayed, { input: process.stdin, output: process.stdout, lengthMax: LINE_LENGTH_MAX })
  return isReplayed(family) ? 0 : 2
}

/** `--family bb7e`, `--family=bb7e`, or the family alone; `null` for anything else. */
const familyOf = (args: readonly string[]): string | null => {
  const [first = '', second, more] = args[0] === '--family' ? args.slice(1) : [args[0]?.replace(/^--family=/, ''), ...args.slice(1)]
  return first === '' || first.startsWith('-') || second !== undefined || more !== undefined ? null : first
}

const LINE_LENGTH_MAX = 65_536 // one chunk of a serial port is far shorter

const HELP = `lotkeeper replay --family ${REPLAY_NAMES.join('|')}  < recording.ndjson

  输入 / in:   {"t":毫秒,"hex":"...","dir":"rx"|"tx"}（hex 为空表示静默，dir 可省 / an empty hex is a silence, dir may be left out）
  输出 / out:  {"frame","decoded"}  {"sighting"}  {"scan"}  {"reject","reason"}
`

async function* flat(chunks: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  for await (const lines of chunks) yield* lines
}
