import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { staticSteps } from './check.ts'
import { ensurePages } from './prepare.ts'
import { runSteps, type Step } from './steps.ts'
import { type Tally, tallyOf } from './tally.ts'
import { runTool } from './tools.ts'

/**
 * `lotkeeper test [filters]`: every check and test, or only the test files whose path contains a filter.
 * The last line reads `N passed, N failed`; a failed step that is no test counts as one failure.
 */
export const main = async (args: readonly string[]): Promise<number> => {
  if (args[0] === '--help') {
    say(HELP)
    return 0
  }
  rmSync(REPORT, { force: true })
  mkdirSync(dirname(REPORT), { recursive: true })
  const narrowed = args.length > 0
  const steps = narrowed ? [PAGES, testsOf(args)] : [...staticSteps(ROOT), PAGES, testsOf([])]
  const failed = await runSteps(steps, say)
  const tally = existsSync(REPORT) ? tallyOf(JSON.parse(readFileSync(REPORT, 'utf8')), { skippedFail: !narrowed }) : NOTHING
  return conclude(tally, failed)
}

const HELP = `lotkeeper test [file ...] [vitest options]

不带参数：类型、格式、死代码、网页构建和全部测试；带文件名：只跑这些测试
without arguments: types, style, dead code, pages and every test; with names: those test files only

LOTKEEPER_PEERS=1   也跑外部客户端测试（需要 mosquitto_sub 和 curl）/ also the tests with outside clients`

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const CACHE = join(ROOT, '.cache')
const REPORT = join(CACHE, 'tests.json')
const NOTHING: Tally = { passed: 0, failed: 0 }

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const PAGES: Step = {
  zh: '网页',
  en: 'pages',
  run: async () => {
    try {
      await ensurePages({ root: ROOT, cache: CACHE, say }, 'when-stale')
      return true
    } catch (error) {
      say(error instanceof Error ? error.message : String(error))
      return false
    }
  },
}

const testsOf = (args: readonly string[]): Step => ({
  zh: '测试',
  en: 'tests',
  run: async () =>
    (await runTool(ROOT, 'vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`, ...args])) === 0,
})

const conclude = (tests: Tally, failedSteps: readonly Step[]): number => {
  if (failedSteps.length > 0) say(`\n失败的步骤 / failed steps: ${failedSteps.map((step) => step.en).join(', ')}`)
  const none = tests.passed + tests.failed === 0
  if (none) say('\n一个测试也没有跑 / not one test ran')
  // The tests' step failed without a failed test: something broke between them, and that must show in the figures too.
  const others = failedSteps.filter((step) => step.en !== 'tests' || tests.failed === 0).length
  const failed = tests.failed + others + (none && others === 0 ? 1 : 0)
  say(`\n${tests.passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}
