/** One kind of test: where its files are, how long one test may take, and whether its files run one after another. */
export interface TestProject {
  readonly name: string
  readonly include: readonly string[]
  readonly timeoutMs: number
  /** Whether its files run beside those of other kinds, two files at a time, or one by one after all of these. */
  readonly files: 'beside others' | 'one by one'
  /** An environment variable that must be `1`: without it these files are no part of the run (they need programs npm cannot bring). */
  readonly needs?: string
}

/** Every kind of test. A test file outside of these folders belongs nowhere, and `house.test.ts` says so. */
export const PROJECTS: readonly TestProject[] = [
  {
    name: 'unit',
    include: ['{protocol,edge,hub,dashboard,deploy}/**/*.test.{ts,tsx}', 'test/*.test.ts', 'test/house/**/*.test.ts'],
    timeoutMs: 60_000,
    files: 'beside others',
  },
  { name: 'contracts', include: ['test/contracts/**/*.test.ts'], timeoutMs: 180_000, files: 'beside others' },
  { name: 'faults', include: ['test/faults/*.test.ts'], timeoutMs: 180_000, files: 'beside others' },
  { name: 'drills', include: ['test/journeys/drills/*.test.ts'], timeoutMs: 180_000, files: 'beside others' },
  { name: 'looks', include: ['test/browser/looks/*.test.ts'], timeoutMs: 180_000, files: 'beside others' },
  // What goes through a door goes by the second: simulated readers and the node need a machine to themselves.
  { name: 'door faults', include: ['test/faults/door/*.test.ts'], timeoutMs: 180_000, files: 'one by one' },
  { name: 'journeys', include: ['test/journeys/*.test.ts'], timeoutMs: 180_000, files: 'one by one' },
  { name: 'browser', include: ['test/browser/*.test.ts'], timeoutMs: 180_000, files: 'one by one' },
  { name: 'peers', include: ['test/peers/**/*.test.ts'], timeoutMs: 180_000, files: 'one by one', needs: 'LOTKEEPER_PEERS' },
]
