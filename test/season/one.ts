import { parseArgs } from 'node:util'
import { seasonOf } from './asked.ts'
import { runSeason } from './season.ts'

/** `node test/season/one.ts --seed 7 --movements 200 --faults all --openings`: one season, its counts and what it broke as one line of JSON; exit code 1 when broken. */
const { values } = parseArgs({
  options: {
    ...{ seed: { type: 'string' }, movements: { type: 'string' }, nodes: { type: 'string' }, faults: { type: 'string' } },
    openings: { type: 'boolean' },
  },
})
const { counts, broken } = await runSeason(seasonOf(values))
process.stdout.write(`${JSON.stringify({ broken, counts })}\n`)
process.exitCode = broken.length > 0 ? 1 : 0
