const row = {
  ...{ seq: 1, at: '2026-11-22T03:24:00.000Z', who: 'u-7f3k2m9q', kind: 'person' as const, act: 'saveParty', right: 'catalogue.write' },
  ...{ sites: [], subject: 'huadong', outcome: 'ok', action: 'example-party-1', count: 1 },
}
const HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'

/** One call of every route of the audit. */
export const AUDIT_EXAMPLES = {
  audit: { query: { outcome: 'ok', limit: 20 }, answer: { rows: [row], next: null } },
  auditEntry: {
    query: { seq: 1 },
    answer: {
      ...{ row, epoch: '8f3a1c5e7b9d2046', hash: HASH, prev: '0'.repeat(64), digest: HASH, erased: false },
      detail: { address: '10.1.2.3', agent: 'Mozilla/5.0', before: { roles: ['supplier'] }, after: { roles: ['supplier', 'carrier'] } },
    },
  },
  auditExport: { query: { form: 'csv' as const }, answer: { name: 'audit.csv', type: 'text/csv', bytes: 2_048 } },
}
