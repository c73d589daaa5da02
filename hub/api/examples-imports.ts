const AT = '2026-11-22T03:24:00.000Z'
const SHA256 = '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' as const

const ready = {
  ...{ import: 1, kind: 'items' as const, name: '耗材目录.xlsx', sha256: SHA256, state: 'ready' as const, done: 3, rows: 3 },
  ...{ outcomes: { new: 1, changed: 1, same: 0, choice: 0, error: 1 }, written: 0, ignored: ['备注'] },
  ...{ why: null, actor: 'county', startedAt: AT, endedAt: null },
}
const row = {
  ...{ row: 3, outcome: 'changed' as const, id: 'gauze-10x10-ex', name: '医用纱布块（示例） 10 cm x 10 cm x 8P' },
  ...{ matched: 'code' as const, score: null, candidates: [], why: null, written: false },
  changes: [{ column: 'near-days', before: '180、90、30', after: '180、90' }],
}

/** One call of every route that takes tables in and writes them out. */
export const IMPORT_EXAMPLES = {
  tableKinds: {
    answer: {
      rows: [
        {
          kind: 'items' as const,
          name: { zh: '品种', en: 'Items' },
          hint: { zh: '名称、型号规格、包装与条码', en: 'Names, models, packs and codes' },
          columns: [{ column: 'name-zh', name: { zh: '名称', en: 'Name' }, required: true }],
        },
      ],
      out: [{ kind: 'tags' as const, name: { zh: '电子标签', en: 'Tags' } }],
    },
  },
  tableImports: { answer: { rows: [ready] } },
  startTableImport: { query: { kind: 'items' as const, name: ready.name }, answer: { ...ready, state: 'reading' as const } },
  tableImport: { query: { import: 1 }, answer: ready },
  tableRows: { query: { import: 1, outcome: 'changed' as const, limit: 20 }, answer: { rows: [row], next: null } },
  chooseTableRow: {
    body: { action: 'example-choose-01', import: 1, row: 3, id: 'gauze-10x10-ex' },
    answer: { ...row, matched: 'chosen' as const, candidates: [{ id: 'gauze-10x10-ex', name: row.name, score: 0.82 }] },
  },
  chooseTableRows: {
    body: { action: 'example-choose-02', import: 1, pick: 'best' as const, scoreMin: 0.9 },
    answer: { chosen: 200, next: 431 },
  },
  commitTableImport: { body: { action: 'example-commit-01', import: 1 }, answer: { ...ready, state: 'committing' as const } },
  undoTableImport: { body: { action: 'example-undo-0001', import: 1 }, answer: { ...ready, state: 'undoing' as const, written: 2 } },
  cancelTableImport: { body: { action: 'example-cancel-01', import: 1 }, answer: { ...ready, state: 'cancelled' as const, endedAt: AT } },
  tableErrors: { query: { import: 1, form: 'xlsx' as const }, answer: { name: 'errors-1.xlsx', type: XLSX, bytes: 6_412 } },
  tableTemplate: {
    query: { kind: 'items' as const, form: 'xlsx' as const },
    answer: { name: 'template-items.xlsx', type: XLSX, bytes: 5_870 },
  },
  exportTable: { query: { kind: 'items' as const, form: 'xlsx' as const }, answer: { name: 'items.xlsx', type: XLSX, bytes: 91_204 } },
}
