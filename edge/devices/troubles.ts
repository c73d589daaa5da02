import type { DeviceView } from '@lotkeeper/protocol/api/node.ts'
import type { ScannerState } from '../readers/barcode/scanner.ts'
import type { Meaning } from '../readers/uhf/family.ts'
import type { ReaderState } from '../readers/uhf/state.ts'

/** What a device did not take of its settings when it was started last, in words, with what to do; none while it is not there to be asked. */
export const troublesOf = (state: ReaderState | ScannerState): DeviceView['troubles'] => {
  if ('scanner' in state) return state.connected ? state.troubles.map((one) => viewOf(one.wish, one, SCANNER)) : []
  const rows = state.troubles.map((one) => viewOf(one.ask, one, aboutOf(one.ask)))
  // A reader that does not read is lost for the keeper; why it may not send is all that can be said beside that.
  return state.phase === 'reading' ? rows : rows.filter(({ remedy }) => remedy === REGION.remedy)
}

const viewOf = (code: string, said: Meaning, { zh, en, remedy }: About): DeviceView['troubles'][number] => ({
  code: code.slice(0, CODE_MAX),
  title: { zh: cut(`${zh}：${said.zh}`), en: cut(`${en}: ${said.en}`) },
  remedy,
})

const cut = (text: string): string => text.slice(0, TITLE_MAX).toWellFormed()
const CODE_MAX = 32
const TITLE_MAX = 200

/** By the name of the question, whose beginning is the same in all families. */
const aboutOf = (ask: string): About => ABOUT.find(([pattern]) => pattern.test(ask))?.[1] ?? OTHER

interface About extends Meaning {
  readonly remedy: Meaning
}

const REGION: About = {
  zh: '发射频段没有照设置生效',
  en: 'The radio band is not as set',
  remedy: {
    zh: '频段不合当地规定时读写器不会发射。请管理员核对设置里的国家和频段，或换一台本地频段的读写器。',
    en: 'A reader in an unlawful band is not started. Have country and band in the settings checked, or use a reader made for this country.',
  },
}

const ABOUT: readonly (readonly [RegExp, About])[] = [
  [
    /^(port-)?powers?(-read)?$/,
    {
      zh: '发射功率没有照设置生效',
      en: 'The power is not as set',
      remedy: {
        zh: '门口的货都读得到就不用管。读不全时，请管理员把设置里的功率改成这台读写器支持的值。',
        en: 'If goods in the doorway are read, leave it. Else have the power in the settings changed to one this reader supports.',
      },
    },
  ],
  [/^(region|band)/, REGION],
  [
    /^(fast-)?(ports|antennas?)(-|$)/,
    {
      zh: '天线端口没有照设置生效',
      en: 'The antenna ports are not as set',
      remedy: {
        zh: '读写器没有的端口不会被读。请看天线插在哪几个口上，请管理员把设置里的端口号改成一样。',
        en: 'A port the reader has not is not read. See which ports the antennas are plugged into, and have the settings say the same.',
      },
    },
  ],
  [
    /^inputs?(-|$)/,
    {
      zh: '光栅输入口读不到',
      en: 'The input of the light barrier is not told',
      remedy: {
        zh: '请检查光栅的电源和接线，请管理员核对设置里的输入口编号。修好前这扇门只凭天线判断。',
        en: "Check the barrier's power and wiring, and have the number of the input in the settings checked. Until then this door goes by its antennas alone.",
      },
    },
  ],
  [
    /^(return-loss|temperature)/,
    {
      zh: '读写器自检没有做完',
      en: 'The reader did not measure itself',
      remedy: {
        zh: '不影响读标签。反复出现请检查读写器的电源和天线插头。',
        en: 'Tags are read all the same. If it comes again, check its power supply and the antenna plugs.',
      },
    },
  ],
]

const OTHER: About = {
  zh: '读取方式没有照设置生效',
  en: 'The way of reading is not as set',
  remedy: {
    zh: '标签照样读，只是读法不是最合适的。门口漏读多时，请联系供货商更新读写器固件。',
    en: 'Tags are read all the same, if not in the best way. If many are missed, ask the supplier for newer firmware.',
  },
}

const SCANNER: About = {
  zh: '扫码枪没有照设置工作',
  en: 'The scanner is not as set',
  remedy: {
    zh: '能扫出码就可以继续用。请按说明书扫设置码，打开 AIM 识别码、以回车结尾；仍不行请管理员改设置。',
    en: 'As long as codes come, go on using it. Scan the symbols of its manual that turn AIM ids on and end each code with CR, or have the settings changed.',
  },
}
