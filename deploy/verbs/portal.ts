import { parseArgs } from 'node:util'
import { openPlayedDoor, type PlayedDoor } from '@lotkeeper/edge/portal/lines.ts'
import type { PortalConfig } from '@lotkeeper/edge/portal/portal.ts'
import { readDoorway } from '@lotkeeper/edge/settings.ts'
import { streamLines } from './lines.ts'

/**
 * `lotkeeper portal --config F [--stats]`: a door's sightings as JSON lines from stdin, its passages to stdout. Exit 2: wrong configuration. `portal labels`
 * and `portal tune` are about what people said of a door's passages.
 */
export const main = async (args: readonly string[]): Promise<number> => {
  const [word = '', ...more] = args
  const other = WORDS[word]
  return other ? (await other()).main(more) : play(args)
}

const WORDS: Readonly<Record<string, () => Promise<{ readonly main: (args: readonly string[]) => Promise<number> }>>> = {
  labels: () => import('./portal-labels.ts'),
  tune: () => import('./portal-tune.ts'),
}

const play = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    options: { help: { type: 'boolean' }, config: { type: 'string' }, stats: { type: 'boolean' } },
  })
  const unknown = Object.keys(values).some((name) => !['help', 'config', 'stats'].includes(name))
  const { config: file } = values
  if (values['help'] === true || unknown || typeof file !== 'string' || positionals.length > 0 || process.stdin.isTTY) {
    process.stdout.write(HELP)
    return values['help'] === true ? 0 : 2
  }
  const config = configOf(file)
  if (config === null) return 2
  const door = openPlayedDoor(config)
  await streamLines((chunks) => played(door, chunks), { input: process.stdin, output: process.stdout, lengthMax: LINE_LENGTH_MAX })
  for (const remark of door.remarks()) process.stderr.write(`${remark}\n`)
  if (values['stats'] === true) process.stderr.write(`${JSON.stringify(door.outcomes())}\n`)
  return 0
}

const HELP = `lotkeeper portal --config F [--stats]  < sightings.ndjson
       lotkeeper portal labels --help      人工确认过的进出 / passages with what keepers said of them
       lotkeeper portal tune --help        从中学习这扇门的阈值 / learn this door's thresholds from them

  配置 / config:  {"antennas":{"1":"inside","2":"outside"}}，其余可选 / the rest optional: "door", "thresholds": {...}
  输入 / in:      [毫秒/ms, "EPC", 天线/antenna, dBm|null, 相位/phase|null]    {"beam":毫秒/ms}（光栅被挡 / light barrier broken）
                  时间可乱序 10 秒以内 / times may be out of order by up to 10 s
  输出 / out:     {"epc","direction":"in"|"out"|"uncertain","at","certainty","from","to","evidence","algorithm"}
  看不懂的行 / lines that are neither:  {"valid":false,"code","message"}
  --stats         在标准错误输出未形成进出的计数 / counts of what ended without a passage, to standard error
`

/** The door a file describes, or `null` when a person was told what is wrong with it. */
const configOf = (file: string): PortalConfig | null => {
  try {
    return readDoorway(file)
  } catch (cause) {
    if (!(cause instanceof Error && 'zh' in cause && 'en' in cause)) throw cause
    process.stderr.write(`${cause.zh}\n${cause.en}\n`)
    return null
  }
}

async function* played(door: PlayedDoor, chunks: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  for await (const lines of chunks) {
    const said = lines.flatMap(door.play)
    if (said.length > 0) yield `${said.join('\n')}\n`
  }
  const last = door.end()
  if (last.length > 0) yield `${last.join('\n')}\n`
}

/** A sighting is far shorter. */
const LINE_LENGTH_MAX = 4_096
