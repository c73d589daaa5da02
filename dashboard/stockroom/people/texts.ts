import type { Texts } from '../../parts/language.ts'

/** Words about who is at the page: the tiles, the change from one to another, the sign-out by itself, the age of the list. */
export const PEOPLE_TEXTS = {
  'people.who': { zh: '您是哪位？', en: 'Who are you?' },
  'people.nobody': {
    zh: '本站名单上还没有人。请联系县中心在「用户」里加人。',
    en: 'Nobody may sign in here yet. Ask the county to add people under Users.',
  },
  'people.back': { zh: '换人', en: 'Somebody else' },
  'people.switch': { zh: '换人', en: 'Switch' },
  'people.switch-from': { zh: '{keeper}，换人登录', en: '{keeper}: let somebody else sign in' },
  'people.idle': { zh: '没有人操作，{n} 秒后自动退出', en: 'Nobody at the page: signing out in {n} {n:second|seconds}' },
  'people.stay': { zh: '我还在', en: 'I am here' },
  'people.list-settings': { zh: '人员名单：本站自己的设置', en: "People: this station's own settings" },
  'people.list-county': { zh: '人员名单：县里 {ago}的', en: "People: the county's list, {ago}" },
  'people.list-never': { zh: '人员名单：县里的还没送到', en: "People: the county's list has not come yet" },
  'people.list-coming': {
    zh: '新名单还在路上：已停用的人不能登录，新加的人要再等一会儿',
    en: 'A newer list is on its way: who left is out, who is new must wait',
  },
  'people.list-old': { zh: '很久没有连上县里，名单可能已经变了', en: 'The county was not reached for long: the list may have changed' },
} as const satisfies Texts
