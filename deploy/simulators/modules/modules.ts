import type { FamilyName } from '@lotkeeper/edge/readers/uhf/families.ts'
import { A0_MODULE } from './a0.ts'
import { A55A_MODULE } from './a55a.ts'
import { BB7E_MODULE } from './bb7e.ts'
import { CF_MODULE } from './cf.ts'
import { GCLIENT_MODULE } from './gclient.ts'
import type { ModuleMaker } from './module.ts'
import { TMFF_MODULE } from './tmff.ts'
import { UHF18_MODULE } from './uhf18.ts'
import { UHF288_MODULE } from './uhf288.ts'

/** A simulated module for every family this software speaks. */
export const MODULES: Readonly<Record<FamilyName, ModuleMaker>> = {
  bb7e: BB7E_MODULE,
  uhf288: UHF288_MODULE,
  uhf18: UHF18_MODULE,
  a0: A0_MODULE,
  tmff: TMFF_MODULE,
  '5a': GCLIENT_MODULE,
  a55a: A55A_MODULE,
  cf: CF_MODULE,
}
