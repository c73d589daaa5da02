import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { seasonOf } from './asked.ts'
import { FAULT_NAMES } from './faults.ts'
import { openJournal } from './journal.ts'
import { runSeasons } from './many.ts'
import type { SeasonReport } from './worker.ts'

/** `lotkeeper season --seeds 1000 --from 1 --movements 500 --jobs 2`: many seasons, what they met, and every seed that broke; exit code 1 if any did. */
export const main = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  if (values.help === true) {
    process.stdout.write(HELP)
    return 0
  }
  const from = Number(values.from ?? values.seed ?? 1)
  const count = Number(values.seeds ?? (values.seed === undefined ? 100 : 1))
  const jobs = Number(values.jobs ?? availableParallelism())
  const { movements = '200', nodes, faults, openings } = values
  const seasons = Array.from({ length: count }, (_, at) => seasonOf({ seed: String(from + at), movements, nodes, faults, openings }))
  const journal = openJournal(values.journal, { from, count, movements, nodes, faults, openings })
  if (!journal) {
    process.stderr.write(`${values.journal}：代码或参数已变，请另起一个文件 / the code or the settings have changed, begin another file\n`)
    return 2
  }
  const total: Record<string, number> = {}
  const broken: SeasonReport[] = []
  const startedMs = performance.now()
  const tell = (report: SeasonReport) => {
    for (const [name, times] of Object.entries(report.counts)) total[name] = (total[name] ?? 0) + times
    if (report.broken.length > 0) broken.push(report)
    if (report.broken.length > 0 || values.each === true) process.stdout.write(`${line(report)}\n`)
  }
  journal.done.forEach(tell)
  const before = new Set(journal.done.map(({ seed }) => seed))
  const left = seasons.filter(({ seed }) => !before.has(seed))
  await runSeasons(left, jobs, (report, done) => {
    journal.add(report)
    tell(report)
    if (done % Math.max(1, Math.floor(count / 20)) === 0)
      process.stderr.write(`${before.size + done}/${count}, ${rate(done, startedMs)}/s\n`)
  })
  process.stdout.write(`${table(total)}\n`)
  const again = [
    `--movements ${movements}`,
    ...(nodes ? [`--nodes ${nodes}`] : []),
    ...(faults ? [`--faults ${faults}`] : []),
    ...(openings ? ['--openings'] : []),
  ].join(' ')
  for (const { seed } of broken.toSorted((one, other) => one.seed - other.seed))
    process.stdout.write(`repeat: node test/season/one.ts --seed ${seed} ${again}\n`)
  const summary = `${count} 季 / seasons x ${movements}: ${count - broken.length} 通过 / passed, ${broken.length} 失败 / failed`
  process.stdout.write(`${summary}, ${rate(left.length, startedMs)} 季每秒 / seasons per second (${jobs} jobs)\n`)
  return broken.length > 0 ? 1 : 0
}

const OPTIONS = {
  seeds: { type: 'string' },
  seed: { type: 'string' },
  from: { type: 'string' },
  movements: { type: 'string' },
  nodes: { type: 'string' },
  faults: { type: 'string' },
  jobs: { type: 'string' },
  openings: { type: 'boolean' },
  journal: { type: 'string' },
  each: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const HELP = `lotkeeper season：按种子模拟全县一季 / seeded counties under every fault

  lotkeeper season [--seeds N] [--from S] [--movements M] [--jobs J] [--nodes K] [--faults drawn|all|a,b,c] [--openings] [--each] [--journal FILE]
      N 季（默认 100），每季 M 笔（默认 200），J 个进程（默认每核一个）；失败的种子会给出重跑命令
      N seasons (100) of M acts (200) in J processes (one per core); a seed that fails is named with the command to run it again
      --journal：每季结果记入文件，中断后用同样的命令接着跑；代码或参数变了则拒绝
      --journal: what each season came to is kept in FILE; broken off, the same command goes on there; refused once code or settings changed

故障 / faults: ${FAULT_NAMES.join(' ')}
`

const line = ({ seed, broken }: SeasonReport): string =>
  broken.length === 0 ? `seed ${seed}: ok` : `seed ${seed}:\n${broken.map((sentence) => `    ${sentence}`).join('\n')}`

const rate = (done: number, startedMs: number): string => ((done * 1_000) / (performance.now() - startedMs)).toFixed(2)

/** Counts in groups: faults, discrepancies, what nodes would have shown, the rest. */
const table = (total: Readonly<Record<string, number>>): string => {
  const groups = ['fault ', 'discrepancy ', 'node ', 'refused ', '']
  const groupOf = (name: string) => groups.find((group) => name.startsWith(group)) ?? ''
  return groups
    .map((group) => {
      const rows = Object.entries(total).filter(([name]) => groupOf(name) === group)
      const text = rows.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([name, times]) => `${name.slice(group.length)} ${times}`)
      return `${(group.trim() || 'counts').padEnd(12)} ${text.join(', ')}`
    })
    .join('\n')
}
