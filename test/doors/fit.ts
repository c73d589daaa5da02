import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import type { Net } from '@lotkeeper/edge/portal/net.ts'
import { casesOf, joined, type NetName, type Nets, type Part } from './cases.ts'
import { averaged, type Cases, type Training, trained } from './train.ts'

/**
 * Fits the nets of the door on the fit doors, on drawn doors, in plain air and in none, and writes them as `edge/portal/learnt.json`. Again and again, for
 * what is weighed depends on what was told before. The last two rounds are as large, of other scenes, and count alike.
 */
const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '21' },
      tags: { type: 'string', default: '600000' },
      rounds: { type: 'string', default: '4' },
      out: { type: 'string', default: fileURLToPath(import.meta.resolve('@lotkeeper/edge/portal/learnt.json')) },
    },
  })
  const rounds = Number(values.rounds)
  let nets: Nets = { weights: { alone: BLANK, together: BLANK }, adoption: BLANK }
  for (let round = 1; round <= rounds; round += 1) {
    const share = Math.min(1, 4 ** (round - rounds + 1))
    const say = (line: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${round}/${rounds} ${line}\n`)
    const last = nets
    nets = await learnt(partsOf(Number(values.seed) + 1000 * round, Number(values.tags) * share), { nets, share, say })
    if (round === rounds && round > 1) nets = bothOf(last, nets)
  }
  writeFileSync(values.out, textOf(nets))
}

const bothOf = (one: Nets, other: Nets): Nets => ({
  weights: {
    alone: averaged([one.weights.alone, other.weights.alone]),
    together: averaged([one.weights.together, other.weights.together]),
  },
  adoption: averaged([one.adoption, other.adoption]),
})

/** Nothing is known of marks yet: every change of side is as likely as not. */
const BLANK: Net = { even: 0, mean: [], spread: [], straight: [], hidden: [] }

const TRAININGS: Readonly<Record<NetName, Training>> = {
  alone: { places: 56, looks: 24 },
  together: { places: 80, looks: 24 },
  adoption: { places: 40, looks: 40 },
}

/** Of all tags a quarter stand at the fit doors, an eighth in plain air, one in twenty in no air at all, the others at drawn doors. */
const partsOf = (seed: number, tags: number): readonly Part[] => {
  const turns = Math.ceil(tags / TAGS_A_TURN)
  return Array.from({ length: turns }, (_, turn): readonly Part[] => [
    { of: 'drawn', seed: seed * 1000 + turn, many: TAGS_A_TURN * 0.575 },
    { of: 'fit', seed: seed * 1000 + turn, many: TAGS_A_TURN * 0.25 },
    { of: 'plain', seed: (seed * 1000 + turn) * SCENES_A_TURN, many: SCENES_A_TURN },
    { of: 'strips', seed: seed * 1000 + turn, many: TAGS_A_TURN * 0.05 },
  ]).flat()
}
const TAGS_A_TURN = 8000
/** Of ten walks each, with two or three tags. */
const SCENES_A_TURN = 40

/** What a thread is told to do. */
type Task =
  | { readonly do: 'play'; readonly part: Part; readonly nets: Nets }
  | { readonly do: 'train'; readonly cases: Cases; readonly training: Training }

interface Round {
  readonly nets: Nets
  /** How much of the whole is played in this one: the fewer cases, the fewer looks are worth it. */
  readonly share: number
  readonly say: (line: string) => void
}

/** Plays every part at a door with these nets, and fits others to what it weighed. */
const learnt = async (parts: readonly Part[], { nets, share, say }: Round): Promise<Nets> => {
  const played = (await inThreads(parts.map((part): Task => ({ do: 'play', part, nets })))) as readonly Record<NetName, Cases>[]
  const names = ['together', 'alone', 'adoption'] as const
  const tasks = names.map((name): Task => {
    const cases = joined(played.map((one) => one[name]))
    say(`${name}: ${cases.so.length} cases of ${cases.width} figures, ${cases.so.reduce((sum, one) => sum + one, 0)} so`)
    const { places, looks } = TRAININGS[name]
    return { do: 'train', cases, training: { places, looks: Math.max(8, Math.round(looks * Math.sqrt(share))) } }
  })
  const [together, alone, adoption] = (await inThreads(tasks)) as readonly [Net, Net, Net]
  say('fitted')
  return { weights: { alone, together }, adoption }
}

/** The answers in the order of the tasks, whichever thread was first. */
const inThreads = async (tasks: readonly Task[]): Promise<readonly unknown[]> => {
  const answers: unknown[] = []
  let next = 0
  const work = async (): Promise<void> => {
    while (next < tasks.length) {
      const at = next
      next += 1
      answers[at] = await new Promise((resolve, reject) => {
        const thread = new Worker(new URL(import.meta.url), { workerData: tasks[at] })
        thread.once('message', resolve)
        thread.once('error', reject)
      })
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return answers
}

/** A line for each list of numbers. */
const textOf = ({ weights, adoption }: Nets): string => {
  const listOf = (numbers: readonly number[]): string => `[${numbers.join(', ')}]`
  const netOf = ({ even, mean, spread, straight, hidden }: Net): string =>
    [
      `{ "even": ${even},`,
      `"mean": ${listOf(mean)},`,
      `"spread": ${listOf(spread)},`,
      `"straight": ${listOf(straight)},`,
      `"hidden": [\n${hidden.map(listOf).join(',\n')}\n] }`,
    ].join('\n')
  const crossing = Object.entries(weights).map(([name, net]) => `"${name}": ${netOf(net)}`)
  return `{ "crossing": {\n${crossing.join(',\n')}\n},\n"adoption": ${netOf(adoption)} }\n`
}

if (!isMainThread) {
  const task = workerData as Task
  parentPort?.postMessage(task.do === 'play' ? casesOf(task.part, task.nets) : trained(task.cases, task.training))
} else if (import.meta.main) await main()
