import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Mutant, Season } from './mutant.ts'

/** How a mutant was found out: by which seed or promise, and what was broken first. `null`: it lives. */
export type Catch = { readonly by: string; readonly seed: number | null; readonly broken: string } | null

/** Runs what is named as a mutant's killer on the mutant. */
export const strike = async ({ name, killer }: Mutant): Promise<Catch> => {
  if ('seed' in killer) return caught(killer, await tellings(['--mutant', name, ...wordsOf(killer)], 1))
  const [kind, which] = 'promise' in killer ? ['promise', killer.promise] : ['scenario', killer.scenario]
  const [said] = await tellings(['--mutant', name, `--${kind}`, which], 1)
  return said?.broken[0] === undefined ? null : { by: `${kind}: ${which}`, seed: null, broken: said.broken[0] }
}

/** Tries seeds from 1 on until one finds the mutant out, and nothing is wrong there without it. */
export const search = async ({ name, killer }: Mutant, seeds: number): Promise<Catch> => {
  if (!('seed' in killer)) return null
  for (let seed = 1; seed <= seeds; seed += 1) {
    const season = { ...killer, seed }
    const found = caught(season, await tellings(['--mutant', name, ...wordsOf(season), '--seeds', String(seeds - seed + 1)], seeds))
    if (!found?.seed) return null
    if ((await control({ ...killer, seed: found.seed })).length === 0) return found
    seed = found.seed
  }
  return null
}

/** What the very season breaks when nothing is changed: a seed proves something only where this is empty. */
export const control = async (season: Season): Promise<readonly string[]> => {
  const [said] = await tellings(wordsOf(season), 1)
  return said?.broken ?? ['it said nothing']
}

interface Said {
  readonly seed?: number
  readonly broken: readonly string[]
}

const wordsOf = ({ seed, movements, faults }: Season): readonly string[] => [
  ...['--seed', String(seed), '--movements', String(movements), '--faults', faults],
]

const caught = ({ faults }: Season, said: readonly Said[]): Catch => {
  const last = said.findLast(({ broken }) => broken.length > 0)
  return last ? { by: `season, faults ${faults}`, seed: last.seed ?? null, broken: last.broken[0] ?? '' } : null
}

const ONE = fileURLToPath(new URL('./one.ts', import.meta.url))
/** Many times what a season takes on a busy machine; a mutant that never ends is found out too. */
const SEASON_MS_MAX = 60_000

/** What the process of one mutant says, line by line; one that hangs is ended, and that is a breach. */
const tellings = async (words: readonly string[], seeds: number): Promise<readonly Said[]> => {
  const child = spawn(process.execPath, [ONE, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err]: [string[], string[]] = [[], []]
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text))
  const timer = setTimeout(() => child.kill('SIGKILL'), SEASON_MS_MAX * Math.min(seeds, 10))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  clearTimeout(timer)
  const said = out
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Said)
  if (err.join('').includes('is stale')) throw new Error(/the mutant .* is stale.*/.exec(err.join(''))?.[0])
  if (code === null)
    return [...said, { seed: (said.at(-1)?.seed ?? Number(words[words.indexOf('--seed') + 1]) - 1) + 1, broken: ['it never ended'] }]
  if (said.length === 0) throw new Error(`${words.join(' ')} said nothing: ${err.join('').slice(0, 2_000)}`)
  return said
}
