/** Why a door's thresholds are not learnt from what keepers said. */
export const TUNING_REFUSALS = {
  'tuning.labels-few': {
    zh: '这扇门只有 {labels} 条带答案的通过记录，至少要 {min} 条才学得准',
    en: 'This door has {labels} labelled passages; at least {min} are needed to learn from',
  },
  'tuning.labels-one-way': {
    zh: '带答案的记录里进 {in} 条、出 {out} 条；两个方向各要至少 {min} 条',
    en: 'Of the labelled passages {in} came in and {out} went out; each way needs at least {min}',
  },
  'tuning.door-unknown': {
    zh: '没有 {door} 这扇门的记录；有记录的门：{known}',
    en: 'Nothing is recorded of door {door}; doors with records: {known}',
  },
  'tuning.door-missing': { zh: '有多扇门，请用 --door 指明：{known}', en: 'There are several doors; name one with --door: {known}' },
} as const
