import { EPC_REFUSALS } from '../epc/refusals.ts'
import { CHECK_REFUSALS } from './checks/refusals.ts'
import { UDI_NOTICES, UDI_REFUSALS } from './udi/refusals.ts'

/** Every refusal of a code on a box or in a tag: what it means to a person. `{name}` is filled from the refusal's facts. */
export const CODE_REFUSALS = {
  ...EPC_REFUSALS,
  ...UDI_REFUSALS,
  ...CHECK_REFUSALS,
  'codes.input-empty': { zh: '没有扫到内容', en: 'The scan is empty' },
  'codes.input-too-long': {
    zh: '内容太长（{length} 个字符，最多 {max}）',
    en: 'The input is too long ({length} characters, at most {max})',
  },
  'codes.symbology-missing': {
    zh: '缺少条码类型标识（]d2、]C1 等），请检查扫码枪设置',
    en: 'The AIM identifier (]d2, ]C1 ...) is missing: check the scanner settings',
  },
  'codes.symbology-unknown': { zh: '不认识的条码类型 {aim}', en: 'Unknown symbology {aim}' },
  'codes.not-gs1': { zh: '这是 {name}，内容不是 GS1 编码', en: 'This is {name} and does not carry a GS1 code' },
  'codes.link-malformed': { zh: '网址写法不对，位置 {at}', en: 'The address is malformed at {at}' },
  'codes.link-key-missing': { zh: '数字链接缺少主标识，如 (01) 商品条码', en: 'A Digital Link needs a key, such as AI (01)' },
  'codes.link-order-wrong': {
    zh: '数字链接路径 {path} 的标识组合或顺序不对',
    en: 'The path {path} is no key of a Digital Link with its qualifiers in their order',
  },
  'codes.link-attribute-wrong': { zh: '({ai}) 不能放在数字链接的参数里', en: 'AI ({ai}) may not stand in the query of a Digital Link' },
  'codes.link-in-query': { zh: '({ai}) 应放在数字链接的路径里，不在参数里', en: 'AI ({ai}) belongs in the path of the Digital Link' },
  'codes.link-repeated': { zh: '({ai}) 在数字链接里出现两次', en: 'AI ({ai}) stands twice in the Digital Link' },
  'codes.fnc1-missing': { zh: '缺少开头的 FNC1（^）', en: 'The leading FNC1 (^) is missing' },
  'codes.bracket-wrong': { zh: '括号写法不对，应为 (01)… 形式，位置 {at}', en: 'The brackets are wrong at {at}: write (01)...' },
  'codes.ai-unknown': { zh: '不认识的应用标识符，位置 {at}：{found}', en: 'Unknown application identifier at {at}: {found}' },
  'codes.elements-too-many': { zh: '数据项太多（最多 {max} 个）', en: 'Too many elements (at most {max})' },
  'codes.value-empty': { zh: '({ai}) 后面没有内容', en: 'AI ({ai}) has no value' },
  'codes.value-too-short': { zh: '({ai}) 的内容太短：{value}', en: 'The value of AI ({ai}) is too short: {value}' },
  'codes.value-too-long': { zh: '({ai}) 的内容太长：{value}', en: 'The value of AI ({ai}) is too long: {value}' },
  'codes.character-wrong': { zh: '({ai}) 含有不允许的字符：{value}', en: 'AI ({ai}) holds a character it may not: {value}' },
  'codes.ai-repeated': { zh: '({ai}) 出现两次且内容不同', en: 'AI ({ai}) stands twice with different values' },
  'codes.serial-missing': { zh: '有数字签名时 ({ai}) 必须带序列号', en: 'AI ({ai}) needs a serial beside a digital signature' },
  'codes.ai-excluded': { zh: '({ai}) 不能与 ({other}) 同时出现', en: 'AI ({ai}) cannot stand beside ({other})' },
  'codes.ai-missing': { zh: '({ai}) 需要同时有 {requires}', en: 'AI ({ai}) needs {requires} beside it' },
  'codes.separator-swallowed': {
    zh: '({ai}) 吞掉了后面的数据（{swallowed}）：扫码枪没有发送分隔符 GS，请检查设置',
    en: 'AI ({ai}) swallowed what follows it ({swallowed}): the scanner drops the GS separator',
  },
  'codes.gtin-length-wrong': { zh: '商品条码应为 8、12、13 或 14 位数字：{value}', en: 'A GTIN has 8, 12, 13 or 14 digits: {value}' },
  'codes.line-malformed': { zh: '这一行不是有效的 JSON 请求：{why}', en: 'This line is no valid request: {why}' },
  'codes.kind-unknown': { zh: '不认识的类型 {kind}', en: 'Unknown kind {kind}' },
} as const satisfies Readonly<Record<string, { readonly zh: string; readonly en: string }>>

/** What a readable code should still make a person look twice at; the code is accepted. */
export const CODE_NOTICES = {
  ...UDI_NOTICES,
  'codes.separator-swallowed': {
    zh: '批号或序列号里像是混进了别的数据，请对照标签核实，并检查扫码枪的 GS 设置',
    en: 'The lot or serial seems to have swallowed other data: compare with the label and check the scanner',
  },
  'codes.key-missing': {
    zh: '只有批号、效期等信息，没有商品条码：请再扫标签上的另一个条码',
    en: 'Lot and dates without a product code: scan the other symbol of the label',
  },
  'codes.plain-text': { zh: '内容是普通文字，不是 GS1 编码', en: 'Plain text, no GS1 code' },
  'codes.guessed': { zh: '没有条码类型标识，按 GS1 猜读', en: 'No AIM identifier; read as GS1 by guess' },
} as const satisfies Readonly<Record<string, { readonly zh: string; readonly en: string }>>
export type CodeNotice = keyof typeof CODE_NOTICES
