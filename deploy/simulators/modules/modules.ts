import type { FamilyName } from '@lotkeeper/edge/readers/uhf/families.ts'
import { BB7E_MODULE } from './bb7e.ts'
import { CF_MODULE } from './cf.ts'
import type { ModuleMaker } from './module.ts'
import { UHF18_MODULE } from './uhf18.ts'
import { UHF288_MODULE } from './uhf288.ts'

/** A simulated module for every family this software speaks. */
export const MODULES: Readonly<Record<FamilyName, ModuleMaker>> = {
  bb7e: BB7E_MODULE,
  uhf288: UHF288_MODULE,
  uhf18: UHF18_MODULE,
  cf: CF_MODULE,
}
