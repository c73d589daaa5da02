import type { Scenario } from './exhaustive.ts'
import { HUB_SCENARIOS } from './hub-scenarios.ts'
import { NODE_SCENARIOS } from './node-scenarios.ts'

/** Every scenario of both houses; whoever runs one need not know which house it is. */
export const SCENARIOS: readonly Scenario[] = [...NODE_SCENARIOS, ...HUB_SCENARIOS].map((scenario) => scenario as unknown as Scenario)
