import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Catch, control, search, strike } from './hunt.ts'
import { type Mutant, mutated, type Season } from './mutant.ts'
import { MUTANTS } from './mutants.ts'

/** `npm run mutants [-- --only WORD --seeds N --search]`: each mutant must be found out; exit code 1 when one lives or its text is no longer there. */
export const main = async (args: readonly string[]): Promise<number> => {
  const asked = askedFor(args)
  if (asked === null) {
    process.stdout.write(HELP)
    return args[0] === '--help' ? 0 : 2
  }
  const chosen = MUTANTS.filter(({ name }) => name.includes(asked.only))
  const stale = staleOf(chosen)
  for (const sentence of stale) say(`✗ ${sentence}`)
  const living: string[] = []
  for (const mutant of chosen) {
    if (stale.some((sentence) => sentence.includes(`"${mutant.name}"`))) continue
    const found = await hunt(mutant, asked)
    if (found === null) living.push(mutant.name)
    const how = found === null ? '✗ 还活着 / lives' : `${found.by}${found.seed === null ? '' : `, seed ${found.seed}`} -> ${found.broken}`
    say(`${found === null ? '✗' : '✓'} ${mutant.name}\n    ${how.slice(0, TOLD_LENGTH_MAX)}`)
  }
  say(`\n${chosen.length - living.length - stale.length} killed, ${living.length} alive, ${stale.length} stale`)
  return living.length + stale.length === 0 ? 0 : 1
}

/** Mutants whose text the house no longer holds, each one sentence. */
export const staleOf = (mutants: readonly Mutant[]): readonly string[] =>
  mutants.flatMap((mutant) => {
    try {
      mutated(mutant, readFileSync(new URL(`../../${mutant.file}`, import.meta.url), 'utf8'))
      return []
    } catch (stale) {
      return [stale instanceof Error ? stale.message : String(stale)]
    }
  })

interface Asked {
  readonly only: string
  readonly seeds: number
  /** Look for seeds anew, also where one is known. */
  readonly anew: boolean
}

const SEEDS = 60
const TOLD_LENGTH_MAX = 220
const HELP = `npm run mutants [-- options]

  故意改坏协议和账本，每一处都必须被发现
  breaks protocol and ledger on purpose, one thing at a time; each must be found out

  --only WORD    名字含这个词的 / those with this word in their name
  --seeds N      每个最多试 N 个种子 / try so many seeds for one whose seed is not known (${SEEDS})
  --search       不用已知的种子，重新寻找 / look for seeds anew
`

const askedFor = (args: readonly string[]): Asked | null => {
  try {
    const options = { only: { type: 'string' }, seeds: { type: 'string' }, search: { type: 'boolean' } } as const
    const { values } = parseArgs({ args: [...args], options })
    return { only: values.only ?? '', seeds: Number(values.seeds ?? SEEDS), anew: values.search === true }
  } catch {
    return null
  }
}

/** First what is known to find it out; a seed that finds something wrong without the mutant too proves nothing. */
const hunt = async (mutant: Mutant, { seeds, anew }: Asked): Promise<Catch> => {
  const { killer } = mutant
  if (!('seed' in killer)) return strike(mutant)
  const known = anew || killer.seed === 0 ? null : await strike(mutant)
  if (known && (await clean(killer))) return known
  return search(mutant, seeds)
}

const checked = new Map<string, boolean>()
const clean = async (season: Season): Promise<boolean> => {
  const name = JSON.stringify(season)
  const before = checked.get(name) ?? (await control(season)).length === 0
  checked.set(name, before)
  return before
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)
