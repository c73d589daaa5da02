/** Refusals of codes of the agencies beside GS1; `{part}` is the name the agency's standard gives the part. */
export const UDI_REFUSALS = {
  'codes.udi-system-unknown': {
    zh: '不认识的发码机构 {system}（可用：GS1、MA、AHM、HIBC、ICCBBA）',
    en: 'Unknown issuing agency {system} (known: GS1, MA, AHM, HIBC, ICCBBA)',
  },
  'codes.udi-part-wrong': { zh: '{system} 编码的 {part} 不对：{value}', en: 'Part {part} of this {system} code is wrong: {value}' },
  'codes.udi-date-wrong': {
    zh: '{system} 编码的 {part} 不是有效日期：{value}',
    en: 'Part {part} of this {system} code is no date: {value}',
  },
  'codes.udi-repeated': {
    zh: '{system} 编码的 {part} 出现两次且内容不同',
    en: 'Part {part} of this {system} code stands twice with different values',
  },
  'codes.ma-parts-missing': {
    zh: 'MA 编码至少要有 5 段（用点分开），这里只有 {parts} 段',
    en: 'An MA code has at least 5 parts between dots, this one has {parts}',
  },
  'codes.hibc-check-wrong': {
    zh: 'HIBC 校验字符不对（读到“{found}”，应为“{expected}”），请重扫或核对标签',
    en: 'The HIBC check character is wrong (read "{found}", expected "{expected}"): scan again or compare with the label',
  },
} as const satisfies Readonly<Record<string, { readonly zh: string; readonly en: string }>>

/** What a readable code of these agencies should still make a person look twice at. */
export const UDI_NOTICES = {
  'codes.ma-check-differs': {
    zh: 'MA 校验位与民间算法的结果不同（官方算法未公布），请核对标签',
    en: 'The MA check digit differs from the unofficial rule (no official one is published): compare with the label',
  },
  'codes.udi-part-unknown': { zh: '有不认识的数据段，已原样保留', en: 'Some parts are unknown and kept as printed' },
  'codes.ahm-layout-unknown': {
    zh: 'AHM 未公布各数据段的排列规则，请核对批号和日期',
    en: 'AHM publishes no layout of its parts: compare lot and dates with the label',
  },
} as const satisfies Readonly<Record<string, { readonly zh: string; readonly en: string }>>
