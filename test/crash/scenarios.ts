import type { Scenario } from './exhaustive.ts'
import { HUB_SCENARIOS } from './hub-scenarios.ts'
import { NODE_SCENARIOS } from './node-scenarios.ts'
import { OLD_HUB_SCENARIOS, OLD_NODE_SCENARIOS } from './old-scenarios.ts'

/** Every scenario of both houses; whoever runs one need not know which house it is. */
export const SCENARIOS: readonly Scenario[] = [...NODE_SCENARIOS, ...OLD_NODE_SCENARIOS, ...HUB_SCENARIOS, ...OLD_HUB_SCENARIOS].map(
  (scenario) => scenario as unknown as Scenario,
)

/** Those whose writes all go into one file, and of which any may be lost before they are flushed. */
export const ONE_FILE_SCENARIOS: readonly Scenario[] = SCENARIOS.filter(({ acts, copied }) => acts.length > 0 && !copied)
