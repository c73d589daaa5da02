import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { County } from '@lotkeeper/deploy/county/county.ts'
import { readDatabase } from '@lotkeeper/hub/database.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '@lotkeeper/hub/ledger/sqlite/schema.ts'
import type { DiscrepancyView } from '@lotkeeper/protocol/api/views.ts'

/** What the hub set aside of a node: by code, how often it came and how many copies are kept. */
export const setAside = (
  county: County,
  node: string,
): readonly { readonly code: string; readonly came: number; readonly kept: number }[] => {
  const db = readDatabase(join(county.home, 'hub', 'hub.sqlite'), {
    applicationId: APPLICATION_ID,
    version: SCHEMA_VERSION,
    schema: SCHEMA,
  })
  try {
    return db
      .prepare<[string], { readonly code: string; readonly came: number; readonly kept: number }>(
        `select code, n as came, (select count(*) from quarantine q where q.node = c.node and q.code = c.code) as kept
         from quarantine_count c where node = ? order by code`,
      )
      .all(node)
  } finally {
    db.close()
  }
}

/** Open discrepancies of the county, each as `kind site`, in that order. */
export const openDiscrepancies = async (county: Pick<County, 'hubClient'>): Promise<readonly string[]> => {
  const { rows } = await (await county.hubClient()).get('discrepancies', { limit: 500 })
  return rows
    .filter(({ closedAt }: DiscrepancyView) => closedAt === null)
    .map(({ kind, site }) => `${kind} ${site ?? '-'}`)
    .toSorted()
}

/** Memory of a process: what it holds now, and the most it ever held. */
export const memoryOf = (pid: number): { readonly nowMb: number; readonly mostMb: number } => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1_024
  return { nowMb: mb('VmRSS'), mostMb: mb('VmHWM') }
}
