import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runSteps, type Step } from './steps.ts'
import { runTool } from './tools.ts'

/** `lotkeeper check`: types, style and dead code; nothing of the project runs. */
export const main = async (args: readonly string[]): Promise<number> => {
  if (args.length > 0) {
    process.stdout.write('lotkeeper check\n\n类型（tsc）、格式和规则（biome）、死代码（knip）/ types, style, dead code\n')
    return args[0] === '--help' ? 0 : 2
  }
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const failed = await runSteps(staticSteps(dirname(dirname(dirname(fileURLToPath(import.meta.url))))), say)
  say(failed.length === 0 ? '\n全部通过 / all passed' : `\n失败 / failed: ${failed.map((step) => step.en).join(', ')}`)
  return failed.length === 0 ? 0 : 1
}

/** The steps that read the sources without running them. */
export const staticSteps = (root: string): readonly Step[] => [
  {
    zh: '类型',
    en: 'types',
    run: async () => {
      const left: string[] = [...HOUSES]
      const lane = async (): Promise<boolean> => {
        let right = true
        for (let house = left.shift(); house !== undefined; house = left.shift())
          if ((await runTool(root, 'tsc', ['-p', `${house}/tsconfig.json`])) !== 0) right = false
        return right
      }
      return (await Promise.all([lane(), lane()])).every((right) => right)
    },
  },
  { zh: '格式和规则', en: 'style', run: async () => (await runTool(root, 'biome', ['check', '--error-on-warnings', '.'])) === 0 },
  { zh: '死代码', en: 'dead code', run: async () => (await runTool(root, 'knip', ['--no-progress'])) === 0 },
]

const HOUSES = ['protocol', 'edge', 'hub', 'dashboard', 'deploy', 'test', 'test/browser'] as const
