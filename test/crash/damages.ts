import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import { verifyFile } from '@lotkeeper/deploy/verbs/verify-file.ts'
import { sqliteCode } from '@lotkeeper/hub/database.ts'
import { DAMAGES, type DamagedFiles, type Draw } from './damage.ts'
import { placeOf, prefixBreaches } from './exhaustive.ts'
import { epochOf, type Head, type House, hubFile, type LogRow, nodeFile, openHubHouse, openNodeHouse } from './houses.ts'
import { announceAct, bring, prepareHub } from './hub-scenarios.ts'
import { AVAILABLE, bookAct, CONSUMED, lineOf, PENDING, TRANSIT } from './node-scenarios.ts'
import { openScratch } from './scratch.ts'

/** What became of damaged files, by kind of damage and by what was told. */
export interface DamageReport {
  readonly damages: number
  readonly told: Readonly<Record<Told, number>>
  /** Nobody said a word, or somebody did without a name for it: each one sentence; empty is what we want. */
  readonly silent: readonly string[]
  readonly unnamed: readonly string[]
}

/**
 * `whole`: nothing is missing. `lost-tail`: an exact prefix, and the answers that went beyond it are missed by those who hold them.
 * `salvaged`: set aside at the opening, and an exact prefix of every epoch carried into a new file. `found`: opened, and a check names what is wrong.
 * `refused`: the file is not opened, with a named fault.
 */
export const TOLD = ['whole', 'lost-tail', 'salvaged', 'found', 'refused'] as const
export type Told = (typeof TOLD)[number]

/** Damages the file of a house `count` times, each time the same original, and asks the production code what it makes of it. */
export const damageMany = async (kind: 'node' | 'hub', count: number, seed = 1): Promise<DamageReport> => {
  using scratch = openScratch('damage')
  const original = await originalOf(kind, join(scratch.path, 'original'))
  const told: Record<Told, number> = { whole: 0, 'lost-tail': 0, salvaged: 0, found: 0, refused: 0 }
  const [silent, unnamed]: [string[], string[]] = [[], []]
  for (let turn = 0; turn < count; turn += 1) {
    const folder = join(scratch.path, `${turn}`)
    cpSync(original.folder, folder, { recursive: true })
    const damage = DAMAGES[turn % DAMAGES.length]
    if (!damage) throw new Error('no damage')
    const what = damage.apply(filesOf(kind, folder, original), drawOf(seed, turn))
    const outcome = await judged(kind, folder, original)
    const where = `${kind}, ${damage.name}, turn ${turn} of seed ${seed} (${what})`
    if ('is' in outcome) told[outcome.is] += 1
    else if ('silent' in outcome) silent.push(`${where}: ${outcome.silent}`)
    else unnamed.push(`${where}: ${outcome.unnamed}`)
    rmSync(folder, { recursive: true })
  }
  return { damages: count, told, silent, unnamed }
}

interface Original {
  readonly folder: string
  readonly log: ReadonlyMap<string, LogRow>
  /** The books after so many entries. */
  readonly books: ReadonlyMap<number, string>
  readonly answers: readonly Head[]
  readonly earlier: DamagedFiles['earlier']
}

/** Half of the acts lie in the main file, half in the WAL; nothing was closed, as after a power cut. */
const originalOf = async (kind: 'node' | 'hub', folder: string): Promise<Original> => {
  const living = `${folder}-living`
  mkdirSync(living)
  if (kind === 'hub') await prepareHub(living)
  const answers: Head[] = []
  const books = new Map<number, string>()
  const earlier: Uint8Array[] = []
  const file = kind === 'node' ? nodeFile(living) : hubFile(living)
  let log: readonly LogRow[] = []
  for (const life of [1, 2]) {
    const { house, acts } = opened(kind, living, life)
    books.set(house.log().length, house.books())
    for (const [at, act] of acts.entries()) {
      answers.push(await act())
      books.set(house.log().length, house.books())
      if (at === acts.length - 6) earlier.splice(0, 2, readFileSync(file), readFileSync(`${file}-wal`))
    }
    log = house.log()
    if (life === 2) cpSync(living, folder, { recursive: true })
    await house.close()
  }
  const [main = new Uint8Array(), wal = new Uint8Array()] = earlier
  return { folder, log: new Map(log.map((row) => [placeOf(row), row])), books, answers, earlier: { main, wal } }
}

const opened = (
  kind: 'node' | 'hub',
  folder: string,
  life: number,
): { readonly house: House; readonly acts: readonly (() => Promise<Head>)[] } => {
  const rounds = Array.from({ length: life === 1 ? ROUNDS : ROUNDS / 3 }, (_, at) => at)
  if (kind === 'node') {
    const house = openNodeHouse(folder, life)
    const acts = rounds.flatMap((round) => [
      () => bookAct(`in-${life}-${round}`, 'receive', lineOf(TRANSIT, PENDING, 20))(house),
      () => bookAct(`accept-${life}-${round}`, 'accept', lineOf(PENDING, AVAILABLE, 20))(house),
      () => bookAct(`use-${life}-${round}`, 'issue', lineOf(AVAILABLE, CONSUMED, 1 + round))(house),
    ])
    return { house, acts }
  }
  const house = openHubHouse(folder, life)
  const first = (life - 1) * ROUNDS * 3
  const acts = rounds.flatMap((round) => [
    () => bring([first + round * 3 + 1, first + round * 3 + 3])(house),
    () => announceAct(`delivery-${life}-${round}`, 1)(house),
  ])
  return { house, acts }
}
/** Of the first life; the second has a third of it. */
const ROUNDS = 30
/** The life that opens damaged files. */
const NEXT_LIFE = 3

const filesOf = (kind: 'node' | 'hub', folder: string, { earlier }: Original): DamagedFiles => {
  const main = kind === 'node' ? nodeFile(folder) : hubFile(folder)
  return { main, wal: `${main}-wal`, shm: `${main}-shm`, earlier }
}

const drawOf = (seed: number, turn: number): Draw => {
  let drawn = 0
  return (below) => {
    drawn += 1
    return Math.floor(chance(seed, turn, drawn) * below)
  }
}

type Outcome = { readonly is: Told } | { readonly silent: string } | { readonly unnamed: string }

/** Opens the file as the next start does, and once more if the first one only found out that it must be salvaged. */
const judged = async (kind: 'node' | 'hub', folder: string, original: Original): Promise<Outcome> => {
  const open = () => (kind === 'node' ? openNodeHouse(folder, NEXT_LIFE) : openHubHouse(folder, NEXT_LIFE))
  let house: House | null = null
  try {
    house = open()
    return await looked(house, original, () => verifyFile(kind === 'node' ? nodeFile(folder) : hubFile(folder)))
  } catch (thrown) {
    return isNamed(thrown) ? { is: 'refused' } : { unnamed: `an error without a name: ${String(thrown)}` }
  } finally {
    await house?.close()
  }
}

/** A fault of ours has a code and a sentence for whoever must see to it; what SQLite finds wrong in a page has none. */
const isNamed = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown && /^[a-z]+\.[a-z-]+$/.test(String(thrown.code))

const looked = async (house: House, original: Original, verify: () => ReturnType<typeof verifyFile>): Promise<Outcome> => {
  const seen = await seenIn(house, original)
  if (seen === null) return named(house, verify, 'nobody can read the file, and no check says so')
  const { rows, books, missed } = seen
  const altered = prefixBreaches(rows, original.log)
  const held = new Set(rows.map(placeOf))
  const untold = original.answers.filter((head) => !held.has(placeOf(head)) && !missed.includes(head))
  if (untold[0]) return { silent: `${placeOf(untold[0])} is missing, and whoever was answered it is told that it stands` }
  if (house.salvaged) {
    const differs = await house.audit()
    return differs.length === 0 && altered.length === 0
      ? { is: 'salvaged' }
      : named(house, verify, `salvaged, and not as it was: ${altered[0]}`)
  }
  const differs = original.books.get(rows.length) !== books
  if (altered.length === 0 && !differs) return { is: missed.length === 0 ? 'whole' : 'lost-tail' }
  return named(house, verify, altered[0] ?? `the books differ after ${rows.length} entries, and no check says so`)
}

/** What a test can read of the file by itself; `null` when SQLite cannot. */
const seenIn = async (house: House, original: Original) => {
  try {
    const rows = house.log().filter(({ epoch }) => epoch !== epochOf(NEXT_LIFE))
    const missed: Head[] = []
    for (const head of original.answers) if (!(await house.holds(head))) missed.push(head)
    return { rows, missed, books: house.books() }
  } catch (thrown) {
    if (sqliteCode(thrown) === null) throw thrown
    return null
  }
}

/** What is wrong inside of the books must be found by those whose work it is to look, and under a name. */
const named = async (house: House, verify: () => ReturnType<typeof verifyFile>, what: string): Promise<Outcome> => {
  const found = await house.audit().catch((thrown: unknown) => {
    if (isNamed(thrown)) return [String(thrown)]
    throw thrown
  })
  await house.close()
  const verdict = verify()
  const findings = 'unreadable' in verdict ? 1 : verdict.verdict.findings.length + verdict.verdict.holes.length
  return found.length + findings > 0 ? { is: 'found' } : { silent: what }
}
