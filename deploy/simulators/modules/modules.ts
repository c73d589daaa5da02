import type { FamilyName } from '@lotkeeper/edge/readers/uhf/families.ts'
import { BB7E_MODULE } from './bb7e.ts'
import type { ModuleMaker } from './module.ts'

/** A simulated module for every family this software speaks. */
export const MODULES: Readonly<Record<FamilyName, ModuleMaker>> = { bb7e: BB7E_MODULE }
