/** How many tests passed and failed. */
export interface Tally {
  readonly passed: number
  readonly failed: number
}

/** What the runner's JSON report holds, as far as it is read here. */
export interface Report {
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

/**
 * Counts a report: a file that could not even be loaded is one failure.
 * With `skippedFail` a test that did not run is a failure too: whole runs skip nothing.
 */
export const tallyOf = (report: Report, { skippedFail }: { readonly skippedFail: boolean }): Tally => {
  const tests = report.testResults.flatMap((file) => file.assertionResults)
  const passed = tests.filter((test) => test.status === 'passed').length
  const failedTests = tests.filter((test) => test.status === 'failed').length
  const notRun = skippedFail ? tests.length - passed - failedTests : 0
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length
  return { passed, failed: failedTests + notRun + brokenFiles }
}
