import { access } from './access.ts'
import { audit } from './audit.ts'
import { catalogue } from './catalogue.ts'
import { codes } from './codes.ts'
import { door } from './door.ts'
import type { Bench, Figure } from './figures.ts'
import { imports } from './imports.ts'
import { ingest } from './ingest.ts'
import { ledger } from './ledger.ts'
import { machineFacts } from './machine.ts'
import { passages } from './passages.ts'
import { readers } from './readers.ts'
import { reference } from './reference.ts'
import { start } from './start.ts'
import { markdownTable, terminalTable } from './table.ts'
import { verify } from './verify.ts'

/** `npm run bench [-- name ...]`: measures, prints a table, and the same as markdown. Timings never fail it; a bench that breaks does. */
export const main = async (args: readonly string[]): Promise<number> => {
  const unknown = args.find((arg) => !BENCHES.some(({ name }) => name === arg))
  if (unknown !== undefined) {
    process.stdout.write(HELP)
    return unknown === '--help' ? 0 : 2
  }
  const asked = BENCHES.filter(({ name }) => args.length === 0 || args.includes(name))
  const facts = machineFacts()
  const broken = breakOff()
  const figures: Figure[] = []
  let exit = 0
  for (const bench of asked) {
    say(`${bench.name}：${bench.what.zh} / ${bench.what.en}`)
    try {
      figures.push(...(await runOne(bench, broken.signal)))
    } catch (error) {
      exit = 1
      say(`  ${bench.name} 中断 / broke: ${error instanceof Error && !broken.signal.aborted ? error.stack : String(error)}`)
    }
    // A bench that was broken off would go on where it stood and start what was just ended.
    if (broken.signal.aborted) process.exit(130)
  }
  process.stdout.write(`\n${facts}\n\n${terminalTable(figures)}\n\n${markdownTable(figures)}\n`)
  return exit
}

const BENCHES: readonly Bench[] = [
  start,
  codes,
  readers,
  passages,
  door,
  ledger,
  ingest,
  verify,
  audit,
  catalogue,
  imports,
  reference,
  access,
]

const HELP = `npm run bench [-- name ...]

${BENCHES.map(({ name, what }) => `  ${name.padEnd(10)}${what.zh} / ${what.en}`).join('\n')}
`

/**
 * Longer than the longest bench takes on a slow machine; one that hangs must not hang the others. The longest plays 130,000 labels and
 * ten days of shelves: six minutes of processor time, ten of the clock where others work too.
 */
const BENCH_MS_MAX = 1_500_000

const runOne = async (bench: Bench, signal: AbortSignal): Promise<readonly Figure[]> => {
  await using scope = new AsyncDisposableStack()
  const ended = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`not done within ${BENCH_MS_MAX} ms`)), BENCH_MS_MAX)
    scope.defer(() => clearTimeout(timer))
    signal.addEventListener('abort', () => reject(new Error('asked to end')), { once: true })
  })
  return await Promise.race([bench.run(scope, (line) => say(`  ${line}`)), ended])
}

/** Asked to end, everything that was started is ended first. */
const breakOff = (): AbortController => {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort())
  return controller
}

const say = (line: string): void => void process.stderr.write(`${line}\n`)
