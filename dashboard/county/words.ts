import { type Say, useSayIn } from '../parts/language.ts'
import { SHARED_TEXTS } from '../parts/texts.ts'
import { ASIDE_TEXTS } from './aside-texts.ts'
import { AUDIT_TEXTS } from './audit-texts.ts'
import { CATALOG_TEXTS } from './catalog-texts.ts'
import { DESK_TEXTS } from './desk-texts.ts'
import { IMPORT_TEXTS } from './import-texts.ts'
import { LABEL_TEXTS } from './label-texts.ts'
import { LEDGER_TEXTS } from './ledger-texts.ts'
import { LOT_TEXTS } from './lot-texts.ts'
import { NODE_CERTIFICATE_TEXTS } from './node-certificate-texts.ts'
import { OPENING_TEXTS } from './opening-texts.ts'
import { PEOPLE_TEXTS } from './people-texts.ts'
import { COUNTY_TEXTS } from './texts.ts'
import { WEBHOOK_TEXTS } from './webhook-texts.ts'

/** All the county page says. */
export const ALL_TEXTS = {
  ...SHARED_TEXTS,
  ...COUNTY_TEXTS,
  ...LABEL_TEXTS,
  ...LEDGER_TEXTS,
  ...NODE_CERTIFICATE_TEXTS,
  ...ASIDE_TEXTS,
  ...AUDIT_TEXTS,
  ...CATALOG_TEXTS,
  ...DESK_TEXTS,
  ...IMPORT_TEXTS,
  ...OPENING_TEXTS,
  ...PEOPLE_TEXTS,
  ...LOT_TEXTS,
  ...WEBHOOK_TEXTS,
} as const
export type CountySay = Say<typeof ALL_TEXTS>
export const useSay = (): CountySay => useSayIn(ALL_TEXTS)
