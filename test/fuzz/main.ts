import { parseArgs } from 'node:util'
import { fuzz } from './fuzz.ts'

/** `lotkeeper fuzz --inputs 5000000 --seed 1`: random and damaged codes through `decode`; exit code 1 if anything broke. */
export const main = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  const [inputs, seed, from] = [values.inputs ?? '1000000', values.seed ?? '1', values.from ?? '0'].map(Number)
  const isCount = (value: number | undefined): value is number => Number.isSafeInteger(value) && (value ?? -1) >= 0
  if (values.help === true || !isCount(inputs) || !isCount(seed) || !isCount(from)) {
    process.stdout.write(HELP)
    return values.help === true ? 0 : 2
  }
  const startedMs = performance.now()
  const refused = new Map<string, number>()
  let [read, slowestMs, slowestNth, broken] = [0, 0, 0, 0]
  for (let done = 0; done < inputs; done += STEP) {
    const some = fuzz(seed, from + done, Math.min(STEP, inputs - done))
    read += some.read
    for (const [code, times] of some.refused) refused.set(code, (refused.get(code) ?? 0) + times)
    if (some.slowest.ms > slowestMs) [slowestMs, slowestNth] = [some.slowest.ms, some.slowest.nth]
    broken += some.breaches.length
    for (const { nth, line, what } of some.breaches)
      process.stdout.write(`${nth}: ${what}\n  ${line}\n  npx lotkeeper fuzz --seed ${seed} --from ${nth} --inputs 1\n`)
    process.stderr.write(`${Math.min(inputs, done + STEP)}/${inputs}\r`)
  }
  const rows = [...refused].toSorted((one, other) => other[1] - one[1]).map(([code, times]) => `${String(times).padStart(9)}  ${code}`)
  process.stdout.write(`${String(read).padStart(9)}  读出 / read\n${rows.join('\n')}\n`)
  const perSecond = Math.round((inputs / (performance.now() - startedMs)) * 1_000)
  const slowest = `最慢 / slowest ${slowestMs.toFixed(1)} ms (${slowestNth})`
  process.stdout.write(`${inputs} 个输入 / inputs, ${broken} 个出错 / broken, ${perSecond}/s, ${slowest}\n`)
  return broken === 0 ? 0 : 1
}

const STEP = 50_000

const OPTIONS = {
  inputs: { type: 'string' },
  seed: { type: 'string' },
  from: { type: 'string' },
  help: { type: 'boolean' },
} as const

const HELP = `lotkeeper fuzz [--inputs 1000000] [--seed 1] [--from 0]

  随机和损坏的码送入 decode：不崩溃、不卡住、校验位错的不放过，各种写法互相读得回来
  random and damaged codes through decode: none may crash it, hang it, or pass with a wrong check digit; every form reads back
`
