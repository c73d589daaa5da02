import { parseArgs } from 'node:util'
import { COUNTY_SCENARIOS, cutCounty } from './counties.ts'
import { damageMany, TOLD } from './damages.ts'
import { type CutReport, cutEverywhere } from './exhaustive.ts'
import { FILE_SCENARIOS } from './file-scenarios.ts'
import { cutFiles } from './files.ts'
import { killMany } from './kills.ts'
import { ONE_FILE_SCENARIOS, SCENARIOS } from './scenarios.ts'
import { dropUnsynced } from './unsynced.ts'

/** `npm run crash [-- --exhaustive --damages N --kills N --all]`: exit code 1 when anything answered was lost or anything was silent. */
export const main = async (args: readonly string[]): Promise<number> => {
  const asked = askedFor(args)
  if (asked === null) {
    process.stdout.write(HELP)
    return args[0] === '--help' ? 0 : 2
  }
  const broken = [...(await cuts(asked)), ...(await drops(asked)), ...(await damages(asked)), ...(await killings(asked))]
  for (const sentence of broken.slice(0, SAID_MAX)) say(`✗ ${sentence}`)
  say(
    broken.length === 0 ? '✓ 已答复的一笔不丢，没有无声的损坏 / nothing answered was lost, nothing was silent' : `${broken.length} broken`,
  )
  return broken.length === 0 ? 0 : 1
}

interface Asked {
  /** Every call is cut, not every `STRIDE`-th. */
  readonly exhaustive: boolean
  readonly damages: number
  readonly kills: number
  readonly seed: number
}

const STRIDE = 5
const DAMAGES_USUAL = 480
const KILLS_USUAL = 8
const DAMAGES_ALL = 10_000
const KILLS_ALL = 1_000
const SAID_MAX = 40

const HELP = `npm run crash [-- options]

  断电、杀进程、坏卡：已答复的一笔不丢，损坏不无声
  crashes, kills and damaged files: nothing answered is lost, nothing is silent

  --exhaustive   在每一次端口调用处断电 / cut the power at every call (else at every ${STRIDE}th)
  --damages N    损坏文件 N 次 / damage files N times (${DAMAGES_USUAL})
  --kills N      杀死真实进程 N 次 / kill real processes N times (${KILLS_USUAL})
  --seed N       从这个种子开始 / from this seed (1)
  --all          --exhaustive --damages ${DAMAGES_ALL} --kills ${KILLS_ALL}
`

const askedFor = (args: readonly string[]): Asked | null => {
  try {
    const options = {
      exhaustive: { type: 'boolean' },
      all: { type: 'boolean' },
      damages: { type: 'string' },
      kills: { type: 'string' },
    } as const
    const { values } = parseArgs({ args: [...args], options: { ...options, seed: { type: 'string' } } })
    const all = values.all === true
    const asked = {
      exhaustive: all || values.exhaustive === true,
      damages: Number(values.damages ?? (all ? DAMAGES_ALL : DAMAGES_USUAL)),
      kills: Number(values.kills ?? (all ? KILLS_ALL : KILLS_USUAL)),
      seed: Number(values.seed ?? 1),
    }
    return Number.isInteger(asked.damages + asked.kills + asked.seed) ? asked : null
  } catch {
    return null
  }
}

const cuts = async ({ exhaustive, seed }: Asked): Promise<readonly string[]> => {
  say('断电 / power cuts')
  const broken: string[] = []
  const stride = exhaustive ? 1 : STRIDE
  for (const scenario of SCENARIOS) {
    const report = await cutEverywhere(scenario, 1 + (seed % stride), stride)
    say(cutLine(report))
    broken.push(...report.broken)
  }
  for (const scenario of COUNTY_SCENARIOS) {
    const report = await cutCounty(scenario, 1 + (seed % stride), stride)
    say(cutLine(report))
    broken.push(...report.broken)
  }
  for (const scenario of FILE_SCENARIOS) {
    const report = await cutFiles(scenario, 1 + (seed % stride), stride)
    say(cutLine(report))
    broken.push(...report.broken)
  }
  return broken
}

const cutLine = ({ scenario, cuts, calls, broken }: CutReport): string =>
  `  ${scenario}: ${cuts} cuts at ${calls} calls, ${broken.length} broken`

const drops = async ({ exhaustive, seed }: Asked): Promise<readonly string[]> => {
  say('未落盘的写入丢失 / writes that were not flushed are lost')
  const broken: string[] = []
  for (const scenario of ONE_FILE_SCENARIOS) {
    const report = await dropUnsynced(scenario, exhaustive ? 100 : 5, seed)
    say(`  ${scenario.name}: ${report.drops} subsets of sectors, ${report.broken.length} broken`)
    broken.push(...report.broken)
  }
  return broken
}

const damages = async ({ damages: count, seed }: Asked): Promise<readonly string[]> => {
  say('文件损坏 / damaged files')
  const broken: string[] = []
  for (const kind of ['node', 'hub'] as const) {
    const report = await damageMany(kind, Math.ceil(count / 2), seed)
    say(
      `  ${kind}: ${report.damages} damages: ${TOLD.map((told) => `${told} ${report.told[told]}`).join(', ')}, silent ${report.silent.length}, unnamed ${report.unnamed.length}`,
    )
    broken.push(...report.silent, ...report.unnamed)
  }
  return broken
}

const killings = async ({ kills, seed }: Asked): Promise<readonly string[]> => {
  if (kills === 0) return []
  say('kill -9')
  const report = await killMany(kills, seed, say)
  say(`  ${report.kills} kills, ${report.perMinute} a minute, ${report.answers} answers, ${report.broken.length} broken`)
  return report.broken
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)
