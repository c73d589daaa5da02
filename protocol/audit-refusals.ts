/** Why the record of who did what is not written, or not shown. */
export const AUDIT_REFUSALS = {
  'audit.unwritable': {
    zh: '审计记录写不下（磁盘已满或损坏），暂停一切修改；查询照常。请腾出空间后用同一请求重试',
    en: 'The audit cannot be written (disk full or broken): nothing may be changed now, questions are answered; make room and ask the same again',
  },
  'audit.unknown': { zh: '没有这条审计记录，或不在你的权限范围内', en: 'There is no such audit row, or it is not for you to see' },
  'audit.too-many': {
    zh: '超过 {max} 条，请缩小时间范围再导出',
    en: 'More than {max} rows: narrow the time and export again',
  },
} as const
