import { openDays } from '@lotkeeper/deploy/simulators/doorway/days.ts'
import { DOORS, doorOf } from '@lotkeeper/deploy/simulators/doorway/doors.ts'
import type { Scenario } from '@lotkeeper/deploy/simulators/doorway/scenario.ts'
import { openPortal } from '@lotkeeper/edge/portal/portal.ts'
import { scenariosOf } from '../doors/generate.ts'
import { playAt, saidOf, sightingsOf } from '../doors/play.ts'
import { centroidRule, type Heard } from './centroid.ts'
import { type Bench, type Figure, type Goal, type Measured, median, type Words } from './figures.ts'
import { postedOf } from './posted.ts'
import { addLabel, newScore, rightOfDecided, type Score, shareOf } from './score.ts'

/**
 * How right the door is: labelled passages and non-passages at every kind of doorway, and shelves for ten days; beside the plain rule
 * and what others published.
 */
export const passages: Bench = {
  name: 'passages',
  what: { zh: '门口判断对不对', en: 'how right the door is' },
  run: async (_scope, say) => {
    const board = await playSet(say)
    for (const line of linesOf(board)) say(line)
    const still = await playDays(say)
    return [
      ...figuresOf(board),
      { what: STILL, ours: crossings(still.ours), goal: { is: '≤', value: 0 }, beside: [beside(PLAIN, crossings(still.plain))] },
    ]
  },
}

/** Never the seed anything is fitted on. */
const SEED = 20_260
/** Tags nobody hears, and doors with a dead antenna, are counted apart: 60,000 are left at the doors that nothing was fitted on, and as many at the others. */
const LABELS = 130_000
const DAYS = 10

/** What a rule tells, and what a node posts of it. */
type Rule = 'ours' | 'plain' | 'oursPosted' | 'plainPosted'
type Scores = Readonly<Record<Rule, Score>>
interface Board {
  readonly byDoor: ReadonlyMap<string, Scores>
  /** With an antenna that hears nothing: counted for itself. */
  readonly dead: Scores
}

const newScores = (): Scores => ({ ours: newScore(), plain: newScore(), oursPosted: newScore(), plainPosted: newScore() })

const playSet = async (say: (line: string) => void): Promise<Board> => {
  const byDoor = new Map(DOORS.map(({ name }) => [name, newScores()]))
  const dead = newScores()
  let played = 0
  for (const scenario of scenariosOf({ seed: SEED, doors: DOORS, passages: LABELS })) {
    const scores = scenario.fault ? dead : byDoor.get(scenario.door)
    if (scores) addScenario(scores, scenario)
    played += 1
    if (played % DOORS.length === 0) await breath()
    if (played % (DOORS.length * TELL_EVERY) === 0) say(`${played} scenarios played`)
  }
  return { byDoor, dead }
}

/** A tag nobody ever heard is no passage to any rule: one that crossed counts as unheard, one that did not counts for nothing. */
const addScenario = (scores: Scores, scenario: Scenario): void => {
  const heard = heardOf(scenario)
  const told = saidBy(scenario)
  for (const { epc, direction: truth, from } of scenario.truth) {
    const of = heard.get(epc) ?? []
    const reads = of.length
    const [ours, plain] = [told.get(epc) ?? 'none', centroidRule(of)]
    addLabel(scores.ours, { truth, said: ours, reads })
    addLabel(scores.plain, { truth, said: plain, reads })
    addLabel(scores.oursPosted, { truth, said: postedOf(ours, from), reads })
    addLabel(scores.plainPosted, { truth, said: postedOf(plain, from), reads })
  }
}

const heardOf = ({ reads, antennas }: Scenario): ReadonlyMap<string, readonly Heard[]> => {
  const heard = new Map<string, Heard[]>()
  for (const [at, epc, antenna, rssiDbm] of reads) {
    const list = heard.get(epc) ?? []
    list.push({ at, side: antennas[antenna] ?? 'inside', rssiDbm })
    heard.set(epc, list)
  }
  return heard
}

/** What a door just opened says of each tag, once it is silent. */
const saidBy = (scenario: Scenario): ReadonlyMap<string, string> =>
  saidOf(playAt(openPortal({ door: scenario.door, antennas: scenario.antennas }), sightingsOf(scenario)))

/** So that the run can be broken off. */
const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const TELL_EVERY = 25

const playDays = async (say: (line: string) => void): Promise<Readonly<Record<'ours' | 'plain', number>>> => {
  const run = openDays({ door: doorOf('narrow-single'), seed: SEED, days: DAYS, shelves: 3, tagsAShelf: 2 })
  const portal = openPortal({ door: 'shelves', antennas: { 'r:1': 'inside', 'r:2': 'outside' } })
  const total = { ours: 0, plain: 0, reads: 0 }
  for (let day = 0; day < DAYS; day += 1) {
    const heard = Array.from({ length: run.tags }, (): Heard[] => [])
    run.runDay(day, (at, tagAt, antenna, rssiDbm) => {
      const side = antenna === 1 ? 'inside' : 'outside'
      heard[tagAt]?.push({ at, side, rssiDbm })
      total.reads += 1
      const told = portal.see({ epc: String(tagAt), antenna: `r:${antenna}`, side, at, rssiDbm })
      total.ours += told.filter(({ direction }) => direction !== 'uncertain').length
    })
    for (const one of heard)
      total.plain += centroidRule(one)
        .split(',')
        .filter((said) => said === 'in' || said === 'out').length
    await breath()
    say(`shelves, day ${day + 1}: ${total.reads} sightings, ${total.ours} false crossings, plain rule ${total.plain}`)
  }
  return total
}

const PLAIN: Words = { zh: '普通质心法', en: 'plain centroid rule' }
const STILL: Words = { zh: '静止标签 10 天内误报过门', en: 'false crossings of still tags in 10 days' }

/** Published, on other doors with other goods: constants, to know where one stands. */
const PUBLISHED: readonly { readonly name: Words; readonly value: number }[] = [
  // Keller, Thiesse et al. 2010: 53,998 pallets, moved or stray.
  { name: { zh: '已发表：麦德龙配送中心 2010', en: 'published, METRO 2010' }, value: 95.5 },
  // Alfian et al., ICST 2019: random forest, kind and direction.
  { name: { zh: '已发表：随机森林 2019', en: 'published, random forest 2019' }, value: 98.39 },
  // Alfian et al., Future Internet 15:103, 2023.
  { name: { zh: '已发表：孤立森林等 2023', en: 'published, isolation forest 2023' }, value: 94.25 },
]

const beside = (name: Words, measured: Measured): NonNullable<Figure['beside']>[number] => ({ name, measured })
const percent = (value: number): Measured => median('%', [value])
const crossings = (count: number): Measured => median('crossings', [count])

const figuresOf = (board: Board): readonly Figure[] => [
  ...(['all', 'report', 'fit'] as const).flatMap((use) => {
    const { ours, plain, oursPosted, plainPosted } = summed(board, use)
    const of = USES[use]
    const between = (what: Words, figures: readonly [ours: number, plain: number], goal?: Goal): Figure => ({
      what,
      ours: percent(figures[0]),
      ...(goal ? { goal } : {}),
      beside: [beside(PLAIN, percent(figures[1]))],
    })
    const row = (what: Words, of: (score: Score) => number, goal?: Goal) => between(what, [of(ours), of(plain)], goal)
    const wrong = shareOf('wrong')
    const right = row(words('方向判对（在已判的里）', 'direction right of decided', of), rightOfDecided, { is: '≥', value: 99.5 })
    const published = PUBLISHED.map(({ name, value }) => beside(name, percent(value)))
    return [
      use === 'all' ? { ...right, beside: [...(right.beside ?? []), ...published] } : right,
      between(words('静默记错账', 'wrong silent postings', of), [wrong(oursPosted), wrong(plainPosted)], { is: '≤', value: 0.05 }),
      row(words('静默判错（账面拦下之前）', 'wrong silent decisions, before the book', of), wrong),
      row(words('拿不准', 'uncertain', of), shareOf('uncertain'), { is: '≤', value: 2 }),
      row(words('过了门没说', 'crossed and not told', of), shareOf('missed')),
    ]
  }),
]

const USES = {
  all: { zh: '全部门型', en: 'all doors' },
  report: { zh: '未参与调参的门型', en: 'doors never fitted on' },
  fit: { zh: '调参的门型', en: 'doors fitted on' },
} as const

const words = (zh: string, en: string, of: Words): Words => ({ zh: `${zh}，${of.zh}`, en: `${en}, ${of.en}` })

const summed = ({ byDoor }: Board, use: keyof typeof USES): Scores => {
  const total = newScores()
  const rules = Object.keys(total) as readonly Rule[]
  for (const door of DOORS) {
    const scores = byDoor.get(door.name)
    if (!scores || (use !== 'all' && door.use !== use)) continue
    for (const rule of rules) {
      for (const count of Object.keys(total[rule]) as (keyof Score)[]) total[rule][count] += scores[rule][count]
    }
  }
  return total
}

const linesOf = (board: Board): readonly string[] => [
  ...DOORS.map(({ name, use }) => `${use.padEnd(6)} ${name.padEnd(18)} ${lineOf(board.byDoor.get(name) ?? newScores())}`),
  `${'fault'.padEnd(6)} ${'an antenna dead'.padEnd(18)} ${lineOf(board.dead)}`,
]

const lineOf = ({ ours, oursPosted, plain }: Scores): string =>
  `${scoreText(ours)}, posted wrong ${shareOf('wrong')(oursPosted).toFixed(2)} %, unheard ${ours.unheard}; plain ${scoreText(plain)}`

const scoreText = (score: Score): string => {
  const text = (value: number): string => value.toFixed(2).padStart(6)
  const { labels } = score
  return `${String(labels).padStart(5)} labels, right of decided ${text(rightOfDecided(score))} %, wrong ${text(shareOf('wrong')(score))} %, uncertain ${text(shareOf('uncertain')(score))} %, missed ${text(shareOf('missed')(score))} %`
}
