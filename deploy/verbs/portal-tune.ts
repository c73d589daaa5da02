import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { costOf, type Tally } from '@lotkeeper/edge/portal/score.ts'
import { type Tuned, tuneDoor } from '@lotkeeper/edge/portal/tune.ts'
import { keepThresholds } from '@lotkeeper/edge/settings-kept.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { columns } from './columns.ts'
import { sentenceOf } from './ledger-file.ts'
import { type DoorTruth, isDatabase, settingsIn, truthOfLines, truthOfNode } from './portal-truth.ts'

/**
 * `lotkeeper portal tune <node.sqlite | labels.ndjson> [--door D] [--home DIR] [--write] [--json]`: learns the thresholds of one door. Exit 1: too
 * little is known of it, or nothing better was found and was to be written; 2: nothing to read.
 */
export const main = async (args: readonly string[]): Promise<number> => {
  const asked = askedOf(args)
  if (asked === null || 'help' in asked) {
    process.stdout.write(HELP)
    return asked === null ? 2 : 0
  }
  try {
    const answer = tune(asked)
    if (isRefusal(answer)) {
      process.stderr.write(`${answer.zh}\n${answer.en}\n[${answer.code}]\n`)
      return 1
    }
    process.stdout.write(asked.json ? `${JSON.stringify(answer)}\n` : show(answer))
    return asked.write ? write(asked, answer) : 0
  } catch (cause) {
    const sentence = sentenceOf(cause)
    if (sentence === null) throw cause
    process.stderr.write(`${asked.file}\n  ${sentence.zh} / ${sentence.en}\n`)
    return 2
  }
}

interface Asked {
  readonly file: string
  readonly door: string | null
  /** Folder with the node's `edge.json`; `null` for lines from elsewhere. */
  readonly home: string | null
  readonly write: boolean
  readonly json: boolean
}

const askedOf = (args: readonly string[]): Asked | { readonly help: true } | null => {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, strict: false, options: OPTIONS })
  if (values['help'] === true) return { help: true }
  const [file] = positionals
  const text = (name: string): string | null => (typeof values[name] === 'string' ? values[name] : null)
  const unknown = Object.keys(values).some((name) => !Object.hasOwn(OPTIONS, name))
  const isWrite = values['write'] === true
  if (unknown || file === undefined || positionals.length > 1) return null
  return { file, door: text('door'), home: text('home'), write: isWrite, json: values['json'] === true }
}

const OPTIONS = {
  help: { type: 'boolean' },
  door: { type: 'string' },
  home: { type: 'string' },
  write: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

const HELP = `lotkeeper portal tune <node.sqlite | labels.ndjson> [--door D] [--home DIR] [--write] [--json]

  用保管员的答复学这扇门的门限，给出学前学后的对错；不带 --write 只看不改
  learns the thresholds of a door from what its keepers said, and shows right and wrong before and after; changes nothing without --write
  --write  写进 edge.json（旧的留一份带日期的），站点下次启动时生效 / into edge.json (the old one is kept with its date); the node takes it when it next starts
  --home   edge.json 所在的目录，默认与账本同一处 / folder of edge.json; default: where the ledger is
`

interface Learnt extends Tuned {
  readonly door: string
  readonly expired: number
}

const tune = ({ file, door: asked, home }: Asked): Learnt | Refusal => {
  const isNode = isDatabase(file)
  const truth: ReadonlyMap<string, DoorTruth> = isNode ? truthOfNode(file) : truthOfLines(file)
  const known = [...truth.keys()]
  const [only] = known
  if (asked === null && known.length > 1) return refuse('tuning.door-missing', { known: known.join(' ') })
  // Lines from elsewhere name their own door; whoever names one here means to give it what they teach.
  const door = asked ?? only ?? '-'
  const labels = truth.get(door) ?? (isNode || known.length > 1 ? undefined : truth.get(only ?? ''))
  if (!labels) return refuse('tuning.door-unknown', { door, known: known.join(' ') || '-' })
  const settings = settingsIn(home ?? (isNode ? dirname(file) : '.'))
  const current = settings?.doors.find((one) => one.door === door)?.thresholds ?? {}
  const step = (done: number, total: number) => void process.stderr.write(`  学习 / learning：${done} / ${total}\n`)
  const tuned = tuneDoor({ scenarios: labels.scenarios, current, step })
  return isRefusal(tuned) ? tuned : { ...tuned, door, expired: labels.expired ?? 0 }
}

const show = ({ door, labels, folds, expired, before, fitted, heldOut, changed, isBetter }: Learnt): string => {
  const row = (name: string, tally: Tally): readonly string[] => [
    name,
    ...[tally.right, tally.wrong, tally.uncertain, costOf(tally)].map(String),
  ]
  const gone = expired === 0 ? '' : `，另有 ${expired} 条原始读数已过期 / ${expired} more whose raw reads are gone`
  const figures = changed.map(({ name, from, to }) => [name, String(from), '→', String(to)])
  return [
    `门 / door ${door}：${labels} 条带答案的通过 / labelled passages${gone}\n`,
    columns([
      ['', '对 / right', '错 / wrong', '待确认 / uncertain', '代价 / cost'],
      row('现在 / now', before),
      row('学后，学过的 / learnt, on what it learnt from', fitted),
      row(`学后，没学过的 / learnt, held out (${folds} folds)`, heldOut),
    ]),
    figures.length === 0 ? '' : `门限 / thresholds\n${columns(figures)}`,
    isBetter ? '' : '没有学到更好的门限，保持现状为好 / nothing better was found: leave the door as it is\n',
  ].join('')
}

const write = ({ file, home }: Asked, { door, figures, isBetter }: Learnt): number => {
  if (!isBetter) return 1
  const folder = home ?? (isDatabase(file) ? dirname(file) : null)
  const copy = folder === null ? null : keepThresholds(folder, { door, figures }, Date.now())
  process.stderr.write(
    copy === null
      ? `没有写入：找不到有 ${door} 这扇门的 edge.json，请用 --home 和 --door 指明 / not written: no edge.json with door ${door}; name it with --home and --door\n`
      : `已写入 edge.json，旧的在 ${copy}；站点下次启动时生效 / written; the old one is ${copy}; the node takes it when it next starts\n`,
  )
  return copy === null ? 1 : 0
}
