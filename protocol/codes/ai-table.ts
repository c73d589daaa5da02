/**
 * GS1 application identifiers: one row each. Growing is adding rows.
 *
 *   ai        `10`, or a range `91-99`
 *   marks     `*` predefined length: needs no FNC1 behind it
 *   spec      components `N14`, `X..20`, `[N4]` (optional), each with named checks behind commas: N digits, X set 82, Y set 39, Z base64url
 *   beside    `requires`: one of the groups (comma) must stand in the same label, a group may join several (`+`); `excludes`: none may
 *
 * Facts: GS1 General Specifications 3.2, as in the GS1 Syntax Dictionary.
 */
export type AiRow = readonly [
  ai: string,
  marks: '' | '*',
  spec: string,
  beside: { readonly requires?: string; readonly excludes?: string },
  zh: string,
  en: string,
]

export const AI_ROWS = [
  ['00', '*', 'N18,csum', {}, '物流单元号 SSCC', 'SSCC'],
  ['01', '*', 'N14,csum', { excludes: '255,37' }, '商品条码 GTIN', 'GTIN'],
  ['02', '*', 'N14,csum', { requires: '37', excludes: '01,03' }, '内装商品 GTIN', 'Content GTIN'],
  ['10', '', 'X..20', { requires: '01,02,03,8006,8026' }, '批号', 'Lot'],
  ['11', '*', 'N6,yymmd0', { requires: '01,02,03,8006,8026' }, '生产日期', 'Production date'],
  ['17', '*', 'N6,yymmd0', { requires: '01,02,03,255,8006,8026' }, '有效期至', 'Expiry date'],
  ['21', '', 'X..20', { requires: '01,03,8006', excludes: '235' }, '序列号', 'Serial'],
  ['30', '', 'N..8', { requires: '01,02' }, '数量', 'Count'],
  ['37', '', 'N..8', { requires: '00+02,00+8026' }, '内装数量', 'Count of content'],
] as const satisfies readonly AiRow[]
