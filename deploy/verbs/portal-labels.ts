import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Labels } from '@lotkeeper/edge/ledger/labels.ts'
import { renamed, type Scenario } from '@lotkeeper/edge/portal/scenario.ts'
import { columns } from './columns.ts'
import { sentenceOf } from './ledger-file.ts'
import { truthOfNode } from './portal-truth.ts'

/**
 * `lotkeeper portal labels <node.sqlite> [--out F] [--door D] [--anonymous]`: passages with what truly happened, a scenario a line, into F or to
 * stdout. Exit 2: no ledger of a node, or F cannot be written.
 */
export const main = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, strict: false, options: OPTIONS })
  const unknown = Object.keys(values).some((name) => !Object.hasOwn(OPTIONS, name))
  const [file] = positionals
  const out = typeof values['out'] === 'string' ? values['out'] : null
  const isHelp = values['help'] === true
  if (isHelp || unknown || file === undefined || positionals.length > 1 || (out === null && process.stdout.isTTY)) {
    process.stdout.write(HELP)
    return isHelp ? 0 : 2
  }
  try {
    const truth = [...truthOfNode(file)].filter(([door]) => values['door'] === undefined || values['door'] === door)
    const scenarios = truth.flatMap(([, labels]) => labels.scenarios)
    const lines = values['anonymous'] === true ? anonymous(scenarios, secretOf(dirname(file))) : scenarios
    write(out, lines.map((one) => `${JSON.stringify(one)}\n`).join(''))
    process.stderr.write(show(new Map(truth)))
    return 0
  } catch (cause) {
    const sentence = sentenceOf(cause)
    if (sentence === null) throw cause
    process.stderr.write(`${file}\n  ${sentence.zh} / ${sentence.en}\n`)
    return 2
  }
}

const OPTIONS = {
  help: { type: 'boolean' },
  out: { type: 'string' },
  door: { type: 'string' },
  anonymous: { type: 'boolean' },
} as const

const HELP = `lotkeeper portal labels <node.sqlite> [--out F] [--door D] [--anonymous]  > labels.ndjson

  把有了答案的通过记录连同原始读数导出，一行一条；站点运行中也可以
  exports passages of which the truth is known, with their raw reads, one a line; also while the node runs
  --anonymous  标签、门和天线换成代号（同一标签代号不变）/ other names for tags, door and antennas; a tag keeps its own
`

/** What was found and what is missing, a line a door. */
export const show = (truth: ReadonlyMap<string, Labels>): string => {
  const head = [
    '门 / door',
    '通过 / passages',
    '答复 / settled',
    '冲销 / reversed',
    '相符 / confirmed',
    '读数过期 / reads gone',
    '天线已改 / antenna gone',
  ]
  const rows = [...truth].map(([door, { found, expired, unplaced, versions }]) => [
    door,
    ...[
      Object.values(versions).reduce((sum, some) => sum + some, 0),
      found.settled,
      found.reversed,
      found.confirmed,
      expired,
      unplaced,
    ].map(String),
  ])
  return columns([head, ...rows])
}

/** Doors get numbers, so that walks of two doors are not taken for one door's. */
const anonymous = (scenarios: readonly Scenario[], secret: Buffer): readonly Scenario[] => {
  const doors = [...new Set(scenarios.map(({ door }) => door))]
  const nameOf = (epc: string): string => createHmac('sha256', secret).update(epc).digest('hex').slice(0, 24).toUpperCase()
  return scenarios.map((one, at) => ({ ...renamed(one, at, nameOf), door: `door ${doors.indexOf(one.door) + 1}` }))
}

/**
 * Serial numbers are few, so names made without a secret could be undone by trying them all. The secret stays beside the ledger, so that a tag keeps
 * its name in the next export too.
 */
const secretOf = (home: string): Buffer => {
  const file = join(home, 'label-names.key')
  if (existsSync(file)) return readFileSync(file)
  const secret = randomBytes(32)
  writeFileSync(file, secret, { mode: 0o600, flush: true })
  return secret
}

const write = (out: string | null, text: string): void => {
  if (out === null) process.stdout.write(text)
  else {
    writeFileSync(`${out}.part`, text, { flush: true })
    renameSync(`${out}.part`, out)
  }
}
