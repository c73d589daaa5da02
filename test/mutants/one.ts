import { registerHooks } from 'node:module'
import { parseArgs } from 'node:util'
import { mutated } from './mutant.ts'
import { MUTANTS } from './mutants.ts'

/**
 * `node test/mutants/one.ts --mutant NAME --seed 7 --seeds 20 --movements 100 --faults drawn`, or `--promise NAME`, or `--scenario NAME`: runs seasons,
 * one promise of the hub's ledger, or the power cuts of one scenario, on code with that mutant in it (none without a name) until something is broken; a line of JSON each. Nothing is
 * written to the disk: the module is changed while it is loaded.
 */
const { values } = parseArgs({
  options: {
    ...{ mutant: { type: 'string' }, seed: { type: 'string' }, seeds: { type: 'string' }, movements: { type: 'string' } },
    ...{ faults: { type: 'string' }, promise: { type: 'string' }, scenario: { type: 'string' } },
  },
})
const mutant = MUTANTS.find(({ name }) => name === values.mutant)
if (values.mutant !== undefined && !mutant) throw new Error(`there is no mutant ${values.mutant}`)
if (mutant) {
  const target = new URL(`../../${mutant.file}`, import.meta.url).href
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context)
      return url === target ? { ...loaded, source: mutated(mutant, Buffer.from(loaded.source as Uint8Array).toString('utf8')) } : loaded
    },
  })
}

const tell = (said: object): void => void process.stdout.write(`${JSON.stringify(said)}\n`)
const textOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))

const promised = async (name: string): Promise<readonly string[]> => {
  const { keepsPromise } = await import('./promised.ts')
  return keepsPromise(name)
}
const cut = async (name: string): Promise<readonly string[]> => {
  const [{ cutEverywhere }, { SCENARIOS }] = await Promise.all([import('../crash/exhaustive.ts'), import('../crash/scenarios.ts')])
  const scenario = SCENARIOS.find((one) => one.name === name)
  if (!scenario) throw new Error(`there is no scenario ${name}`)
  return (await cutEverywhere(scenario)).broken
}
const season = async (seed: number): Promise<readonly string[]> => {
  const { runSeason } = await import('../season/season.ts')
  const { seasonOf } = await import('../season/asked.ts')
  return (await runSeason(seasonOf({ seed: String(seed), movements: values.movements, faults: values.faults }))).broken
}
const brokenBy = (run: Promise<readonly string[]>): Promise<readonly string[]> =>
  run.catch((thrown: unknown) => [`threw: ${textOf(thrown)}`])

/** What breaks where nobody waits for it breaks the season all the same. */
process.on('uncaughtException', (thrown) => {
  tell({ seed: Number(values.seed ?? 1), broken: [`broke off: ${textOf(thrown)}`] })
  process.exit(1)
})

if (values.promise !== undefined) tell({ broken: await brokenBy(promised(values.promise)) })
else if (values.scenario !== undefined) tell({ broken: (await brokenBy(cut(values.scenario))).slice(0, 3) })
else {
  const first = Number(values.seed ?? 1)
  for (let seed = first; seed < first + Number(values.seeds ?? 1); seed += 1) {
    const broken = await brokenBy(season(seed))
    tell({ seed, broken: broken.slice(0, 3) })
    if (broken.length > 0 && mutant) break
  }
}
process.exit(0)
