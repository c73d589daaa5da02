import { createWriteStream } from 'node:fs'
import { parseArgs } from 'node:util'
import { DOORS, type DoorType } from '@lotkeeper/deploy/simulators/doorway/doors.ts'
import { type Fault, type Scenario, scenarioOf } from '@lotkeeper/deploy/simulators/doorway/scenario.ts'

/** Which doors, how many tags' time at each door. */
export interface Order {
  readonly seed: number
  readonly doors: readonly DoorType[]
  /** Tags with a truth, at least, over all doors. */
  readonly passages: number
  readonly fault?: Fault
}

/** The scenarios of a set, door by door in turns, until it holds as many tags as asked for. */
export function* scenariosOf({ seed, doors, passages, fault }: Order): Generator<Scenario> {
  let told = 0
  for (let number = 0; told < passages; number += 1) {
    for (const door of doors) {
      const scenario = scenarioOf({ seed, door, number, ...(fault ? { fault } : {}) })
      told += scenario.truth.length
      yield scenario
    }
  }
}

/** The doors of a word: `all`, `fit`, `report`, or one name. */
export const doorsOf = (word: string): readonly DoorType[] =>
  DOORS.filter(({ name, use }) => word === 'all' || use === word || name === word)

/** One scenario a line, as in the published set. */
export const lineOf = (scenario: Scenario): string => `${JSON.stringify(scenario)}\n`

const HELP = `node test/doors/generate.ts --seed N --doors all|fit|report|NAME --passages M [--fault dead|swapped] [--out FILE]
`

const main = (): number => {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      doors: { type: 'string', default: 'all' },
      passages: { type: 'string', default: '1000' },
      fault: { type: 'string' },
      out: { type: 'string' },
    },
  })
  const doors = doorsOf(values.doors)
  const [seed, passages] = [Number(values.seed), Number(values.passages)]
  const { fault } = values
  if (doors.length === 0 || !Number.isInteger(seed) || !(passages > 0) || (fault && fault !== 'dead' && fault !== 'swapped')) {
    process.stderr.write(HELP)
    return 2
  }
  const out = values.out === undefined ? process.stdout : createWriteStream(values.out)
  const order: Order = { seed, doors, passages, ...(fault === 'dead' || fault === 'swapped' ? { fault } : {}) }
  for (const scenario of scenariosOf(order)) out.write(lineOf(scenario))
  out.end()
  return 0
}

if (import.meta.main) process.exitCode = main()
